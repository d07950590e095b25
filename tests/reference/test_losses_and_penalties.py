"""Softmax, cross-entropy, the losses of regression and the penalties: laws, the lecture's numbers, and the judges."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from reference.losses import (
    cross_entropy,
    cross_entropy_backward,
    one_hot,
    softmax_backward,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
    softmax_forward,
)
from reference.regression import huber_loss, huber_loss_backward, l1_loss, l2_loss, smooth_l1_loss
from reference.regularization import l1_penalty, l1_penalty_backward, l2_penalty, l2_penalty_backward

Load = Callable[[str, str], ModuleType]
sizes = st.integers(1, 6)
seeds = st.integers(0, 2**32)
numbers = arrays(np.float64, array_shapes(max_dims=4, max_side=4), elements=st.floats(-100, 100))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=8), st.integers(7, 9))
def test_one_hot_is_undone_by_argmax(load: Load, labels: list[int], K: int) -> None:
    """Each row holds one 1, at its label; the solution agrees."""
    out = one_hot(np.array(labels), K)
    assert out.argmax(axis=1).tolist() == labels
    assert out.sum() == len(labels) and set(np.unique(out)) == {0.0, 1.0}
    np.testing.assert_array_equal(load("03_losses/one_hot", "solution").one_hot(np.array(labels), K), out)


@settings(max_examples=50, deadline=None)
@given(sizes, sizes, st.floats(-1e4, 1e4), seeds)
def test_softmax_rows_are_distributions(load: Load, batch: int, classes: int, shift: float, seed: int) -> None:
    """Rows sum to 1, a shift changes nothing, and so the gradient's rows sum to 0; the solution agrees."""
    rng = np.random.default_rng(seed)
    scores, dout = 3 * rng.standard_normal((batch, classes)), rng.standard_normal((batch, classes))
    p, dscores = softmax_forward(scores), softmax_backward(dout, scores)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(softmax_forward(scores + shift), p, atol=1e-10)
    np.testing.assert_allclose(dscores.sum(axis=1), 0, atol=1e-13)
    solution = load("03_losses/softmax", "solution")
    np.testing.assert_allclose(solution.softmax_forward(scores), p, rtol=1e-13)
    np.testing.assert_allclose(solution.softmax_backward(dout, scores), dscores, atol=1e-13)


@pytest.mark.parametrize(("q", "base10", "natural"), [(0.01, 2.0, 4.605), (0.9, 0.0457, 0.105)])
def test_lecture_cross_entropy_has_base_ten(q: float, base10: float, natural: float) -> None:
    """The slide's 2 and 0.0457 are logarithms of base 10; the natural ones are 4.605 and 0.105."""
    target, prediction = np.array([[1.0, 0.0]]), np.array([[q, 1 - q]])
    assert cross_entropy(prediction, target, base=10) == pytest.approx(base10, abs=1e-4)
    assert cross_entropy(prediction, target) == pytest.approx(natural, abs=1e-3)


@settings(max_examples=50, deadline=None)
@given(sizes, sizes, seeds)
def test_softmax_then_cross_entropy_is_the_loss_of_both(load: Load, batch: int, classes: int, seed: int) -> None:
    """Chained through softmax's backward, value and gradient equal those of the loss in one; the solution agrees."""
    rng = np.random.default_rng(seed)
    scores, labels = rng.standard_normal((batch, classes)), rng.integers(0, classes, batch)
    q, p = softmax_forward(scores), one_hot(labels, classes)
    dq = cross_entropy_backward(q, p)
    assert cross_entropy(q, p) == pytest.approx(softmax_cross_entropy(scores, labels), abs=1e-12)
    np.testing.assert_allclose(softmax_backward(dq, scores), softmax_cross_entropy_backward(scores, labels), atol=1e-12)
    solution = load("03_losses/cross_entropy", "solution")
    assert solution.cross_entropy(q, p) == pytest.approx(cross_entropy(q, p), abs=1e-12)
    np.testing.assert_allclose(solution.cross_entropy_backward(q, p), dq, rtol=1e-12)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.floats(1.1, 20), seeds)
def test_cross_entropy_is_least_at_the_truth(batch: int, classes: int, base: float, seed: int) -> None:
    """H(p, q) >= H(p, p), in any base, and the base only divides by its logarithm."""
    p, q = np.random.default_rng(seed).dirichlet(np.ones(classes), (2, batch))
    assert cross_entropy(q, p, base=base) >= cross_entropy(p, p, base=base) - 1e-12
    assert cross_entropy(q, p, base=base) * math.log(base) == pytest.approx(cross_entropy(q, p), abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(numbers, st.floats(0.1, 10), seeds)
def test_huber_lies_between_its_two_halves(load: Load, target: np.ndarray, delta: float, seed: int) -> None:
    """At most ½·L2 and at most delta·L1, equal to ½·L2 for a large delta; the solutions agree."""
    prediction = target + np.random.default_rng(seed).standard_normal(target.shape)
    loss = huber_loss(prediction, target, delta=delta)
    assert loss <= 0.5 * l2_loss(prediction, target) + 1e-9
    assert loss <= delta * l1_loss(prediction, target) + 1e-9
    assert huber_loss(prediction, target, delta=1e3) == pytest.approx(0.5 * l2_loss(prediction, target), abs=1e-9)
    assert huber_loss(prediction, target) == smooth_l1_loss(prediction, target)
    assert np.abs(huber_loss_backward(prediction, target, delta=delta)).max() * len(target) <= delta * (1 + 1e-12)
    for name, code, words in [
        ("huber_loss", huber_loss, {"delta": delta}),
        ("smooth_l1_loss", smooth_l1_loss, {}),
        ("l1_loss", l1_loss, {}),
        ("l2_loss", l2_loss, {}),
    ]:
        mine = getattr(load(f"03_losses/{name}", "solution"), name)(prediction, target, **words)
        assert mine == pytest.approx(code(prediction, target, **words), rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("delta", [0.3, 1.0, 2.5])
def test_huber_branches_meet_where_the_lecture_formula_jumps(delta: float) -> None:
    """Just below and above delta the loss is ½·delta² and its slope delta; the slide's second branch is (|d| - ½)²."""
    zero = np.zeros(1)
    for side in (-1e-9, 1e-9):
        at = np.array([delta + side])
        assert huber_loss(at, zero, delta=delta) == pytest.approx(0.5 * delta**2, abs=1e-8)
        assert huber_loss_backward(at, zero, delta=delta)[0] == pytest.approx(delta, abs=1e-8)
    assert (delta - 0.5) ** 2 != pytest.approx(0.5 * delta**2, abs=1e-3)


@settings(max_examples=50, deadline=None)
@given(numbers, st.floats(0, 5))
def test_penalties_are_homogeneous(load: Load, w: np.ndarray, strength: float) -> None:
    """<dw, w> is once the L1 penalty and twice the L2 penalty (Euler); the solutions agree."""
    one, two = l1_penalty(w, strength=strength), l2_penalty(w, strength=strength)
    assert np.sum(l1_penalty_backward(w, strength=strength) * w) == pytest.approx(one, rel=1e-11, abs=1e-11)
    assert np.sum(l2_penalty_backward(w, strength=strength) * w) == pytest.approx(2 * two, rel=1e-11, abs=1e-11)
    for name, value in (("l1_penalty", one), ("l2_penalty", two)):
        mine = getattr(load(f"06_regularization/{name}", "solution"), name)(w, strength=strength)
        assert mine == pytest.approx(value, rel=1e-11, abs=1e-11)


TIED = {"prediction": np.array([1.0, 5.0, 2.0, 0.0]), "target": np.array([1.0, 3.0, 4.0, 0.0])}
ZEROS = {"w": np.array([0.0, 3.0, -2.0, 0.0]), "strength": 4.0}


def verdict(load: Load, name: str, slope: list[float]) -> Any:
    """What the judge of l1_loss or l1_penalty says to these slopes, in units of 1/B or of the strength."""
    if name == "l1_loss":
        return load("03_losses/l1_loss", "spec").any_subgradient(TIED, np.array(slope) / 4)
    return load("06_regularization/l1_penalty", "spec").any_subgradient(ZEROS, np.array(slope) * 4)


@pytest.mark.parametrize("name", ["l1_loss", "l1_penalty"])
@pytest.mark.parametrize("slope", [[0, 1, -1, 0], [1, 1, -1, -1], [0.3, 1, -1, -0.9]])
def test_every_subgradient_at_the_corner_is_accepted(load: Load, name: str, slope: list[float]) -> None:
    """Any slope in [-1, 1] where the distance or the weight is 0, chosen entry by entry."""
    assert verdict(load, name, slope) is None


@pytest.mark.parametrize("name", ["l1_loss", "l1_penalty"])
@pytest.mark.parametrize(
    ("slope", "words"),
    [
        ([1.1, 1, -1, 0], "no subgradient"),
        ([0, 1, -1, -2], "no subgradient"),
        ([0, 1, -1, np.nan], "no subgradient"),
        ([0, -1, 1, 0], "is wrong where"),
        ([0, 1, -0.5, 0], "is wrong where"),
    ],
)
def test_wrong_slopes_are_rejected(load: Load, name: str, slope: list[float], words: str) -> None:
    """Slopes beyond [-1, 1] at the corner, and any wrong entry elsewhere, each with its own sentence."""
    assert words in verdict(load, name, slope)
