"""Dropout: laws of the layer, and the judge of a random mask."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.regularization import dropout_backward, dropout_forward, dropout_mask

Load = Callable[[str, str], ModuleType]
SHAPE = (200, 250)


def judge(load: Load, mask: np.ndarray, p: float) -> Any:
    return load("06_regularization/dropout", "spec").drawn_with_probability({"p": p}, mask)


@pytest.mark.parametrize("shape", [(20000,), (200, 100), (20, 10, 10, 10)], ids=str)
@pytest.mark.parametrize("p", [0.05, 0.3, 0.5, 0.9])
def test_every_right_mask_is_accepted(load: Load, shape: tuple[int, ...], p: float) -> None:
    """Oracle and solution, in 20 draws of each shape and probability."""
    for code in (dropout_mask, load("06_regularization/dropout", "solution").dropout_mask):
        for seed in range(20):
            assert judge(load, code(shape, p=p, rng=np.random.default_rng(seed)), p) is None


def kept(draw: np.ndarray, p: float) -> np.ndarray:
    return np.array(np.broadcast_to(draw, SHAPE) >= p) / (1 - p)


WRONG: dict[str, tuple[Callable[[np.random.Generator, float], np.ndarray], str]] = {
    "not scaled": (lambda rng, p: (rng.random(SHAPE) >= p) * 1.0, "mask holds 1, expected 0 or 1/(1 - p)"),
    "scaled by p": (lambda rng, p: (rng.random(SHAPE) >= p) / p, "expected 0 or 1/(1 - p)"),
    "one wrong column": (lambda rng, p: np.where(np.arange(250) == 7, 0.5, kept(rng.random(SHAPE), p)), "holds 0.5"),
    "kept with p": (lambda rng, p: (rng.random(SHAPE) < p) / (1 - p), "of the mask's entries are 0, expected about p"),
    "Gaussian": (lambda rng, p: kept(rng.standard_normal(SHAPE), p), "of the mask's entries are 0, expected about p"),
    "nobody dropped": (lambda rng, p: np.full(SHAPE, 1 / (1 - p)), "0 of the mask's entries are 0"),
    "all dropped": (lambda rng, p: np.zeros(SHAPE), "1 of the mask's entries are 0"),
    "p off by 0.02": (lambda rng, p: (rng.random(SHAPE) >= p + 0.02) / (1 - p), "entries are 0, expected about p"),
    "one row": (lambda rng, p: kept(_balanced(rng, p, 250), p), "neighbours along axis 0"),
    "one column": (lambda rng, p: kept(_balanced(rng, p, 200)[:, None], p), "neighbours along axis 1"),
    "pairs of rows": (lambda rng, p: kept(np.repeat(rng.random((100, 250)), 2, axis=0), p), "neighbours along axis 0"),
}


def _balanced(rng: np.random.Generator, p: float, size: int) -> np.ndarray:
    """Numbers of which exactly the share p is smaller than p, so that only the dependence is wrong."""
    return rng.permutation((np.arange(size) + 0.5) / size)


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("p", [0.3, 0.72])
def test_every_wrong_mask_is_rejected(load: Load, name: str, p: float) -> None:
    """Always, in 20 draws, and with the sentence that says what is wrong."""
    make, words = WRONG[name]
    for seed in range(20):
        assert words in str(judge(load, make(np.random.default_rng(seed), p), p))


def test_the_bound_holds_for_a_share_of_fair_coins(load: Load) -> None:
    """Hoeffding's bound lies above the normal one, 5.7 standard deviations at most half each, and shrinks as 1/√n."""
    from autograder.spec.judges import bound

    assert 5.7 * 0.5 / np.sqrt(1e4) < bound(10_000) < 0.032
    assert bound(40_000) == pytest.approx(bound(10_000) / 2)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.floats(0, 0.95), st.booleans(), st.integers(0, 2**32))
def test_the_layer_is_its_own_adjoint(load: Load, shape: list[int], p: float, train: bool, seed: int) -> None:
    """<dout, forward(x)> = <backward(dout), x> in both modes; inference changes nothing; the solution agrees."""
    rng = np.random.default_rng(seed)
    mask, x, dout = dropout_mask(tuple(shape), p=p, rng=rng), rng.standard_normal(shape), rng.standard_normal(shape)
    out, dx = dropout_forward(x, mask, train=train), dropout_backward(dout, x, mask, train=train)
    np.testing.assert_allclose(np.sum(dout * out), np.sum(dx * x), rtol=1e-9, atol=1e-9)
    assert train or np.array_equal(out, x)
    solution = load("06_regularization/dropout", "solution")
    np.testing.assert_array_equal(solution.dropout_forward(x, mask, train=train), out)
    np.testing.assert_array_equal(solution.dropout_backward(dout, x, mask, train=train), dx)
