"""Dense and softmax cross-entropy: laws over all shapes, the lecture's numbers, and stability."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.dense import dense_backward, dense_forward
from reference.losses import softmax_cross_entropy, softmax_cross_entropy_backward

Load = Callable[[str, str], ModuleType]
sizes = st.integers(1, 6)


@settings(max_examples=50, deadline=None)
@given(sizes, st.lists(sizes, min_size=1, max_size=3), sizes, st.integers(0, 2**32))
def test_dense_backward_is_the_adjoint(load: Load, batch: int, features: list[int], outputs: int, seed: int) -> None:
    """<dout, forward without bias> = <dx, x> = <dw, w> for x of any number of axes; the solution agrees."""
    rng = np.random.default_rng(seed)
    x, b = rng.standard_normal((batch, *features)), rng.standard_normal(outputs)
    w, dout = rng.standard_normal((math.prod(features), outputs)), rng.standard_normal((batch, outputs))
    out = dense_forward(x, w, np.zeros(outputs))
    gradients = dx, dw, db = dense_backward(dout, x, w, b)
    np.testing.assert_allclose([np.sum(dx * x), np.sum(dw * w)], np.sum(dout * out), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(np.sum(db * b), np.sum(dout * (dense_forward(x, w, b) - out)), rtol=1e-9, atol=1e-9)
    solution = load("02_layers/dense", "solution")
    np.testing.assert_allclose(solution.dense_forward(x, w, b), out + b, rtol=1e-12, atol=1e-12)
    for got, expected in zip(solution.dense_backward(dout, x, w, b), gradients, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)


def test_lecture_cross_entropy() -> None:
    """Both worked examples: the slide prints base-10 logarithms, 2 and 0.0457."""
    for q, expected in [([0.01, 0.85, 0.05, 0.09], 2.0), ([0.9, 0.01, 0.07, 0.02], 0.0457)]:
        loss = softmax_cross_entropy(np.log([q]), np.array([0]))
        assert pytest.approx(expected, abs=1e-4) == loss / math.log(10)


@settings(max_examples=50, deadline=None)
@given(sizes, sizes, st.floats(-1e4, 1e4), st.integers(0, 2**32))
def test_softmax_cross_entropy_is_the_definition(load: Load, batch: int, classes: int, shift: float, seed: int) -> None:
    """The loss is -mean log p, a shift of all scores changes nothing, gradient rows sum to 0; the solution agrees."""
    rng = np.random.default_rng(seed)
    scores, labels = 3 * rng.standard_normal((batch, classes)), rng.integers(0, classes, batch)
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    loss, dscores = softmax_cross_entropy(scores, labels), softmax_cross_entropy_backward(scores, labels)
    assert pytest.approx(-np.mean(np.log(p[np.arange(batch), labels])), abs=1e-12) == loss
    assert pytest.approx(softmax_cross_entropy(scores + shift, labels), abs=1e-10) == loss
    np.testing.assert_allclose(dscores.sum(axis=1), 0, atol=1e-14)
    solution = load("03_losses/softmax_cross_entropy", "solution")
    assert pytest.approx(solution.softmax_cross_entropy(scores, labels), abs=1e-12) == loss
    np.testing.assert_allclose(solution.softmax_cross_entropy_backward(scores, labels), dscores, atol=1e-14)


@pytest.mark.parametrize("size", [1e3, 1e8, 1e300])
def test_softmax_cross_entropy_is_finite_and_silent(size: float) -> None:
    """However far apart the scores lie, the loss is their gap, and no warning is printed."""
    scores = np.array([[size, -size, 0.0]])
    assert 2 * size == softmax_cross_entropy(scores, np.array([1]))
    assert softmax_cross_entropy_backward(scores, np.array([1])).tolist() == [[1.0, -1.0, 0.0]]
