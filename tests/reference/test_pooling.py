"""Max pooling: the lecture's numbers, the definition, laws over shapes and strides, and the judge of ties."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.pooling import max_pool2d_backward, max_pool2d_forward

Load = Callable[[str, str], ModuleType]
Problem = tuple[np.ndarray, dict[str, int]]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """An image batch of distinct numbers, a window that fits, and any stride."""
    window, stride = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    shape = draw(st.integers(1, 3)), draw(st.integers(window, 8)), draw(st.integers(window, 8)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    x = rng.permutation(np.arange(np.prod(shape)) / 4 - 5).reshape(shape)
    return x, {"window": window, "stride": stride}


@pytest.mark.parametrize(
    ("side", "stride", "expected"), [(3, 1, [[5, 6], [8, 9]]), (4, 2, [[6, 8], [14, 16]])], ids=["3x3", "4x4"]
)
def test_lecture_pooling(side: int, stride: int, expected: list[list[int]]) -> None:
    """The slides' two pictures, size 2 with stride 1 and with stride 2."""
    x = np.arange(1.0, side * side + 1).reshape(1, side, side, 1)
    assert expected == max_pool2d_forward(x, window=2, stride=stride)[0, :, :, 0].tolist()


@settings(max_examples=60, deadline=None)
@given(problems())
def test_forward_is_the_maximum_of_each_window(load: Load, problem: Problem) -> None:
    """Oracle and solution both equal the definition, whatever shape, window and stride."""
    x, words = problem
    out = max_pool2d_forward(x, **words)
    window, stride = words["window"], words["stride"]
    height, width = ((size - window) // stride + 1 for size in x.shape[1:3])
    assert (len(x), height, width, x.shape[3]) == out.shape
    for i in range(height):
        for j in range(width):
            patch = x[:, i * stride : i * stride + window, j * stride : j * stride + window]
            np.testing.assert_array_equal(out[:, i, j], patch.max(axis=(1, 2)))
    np.testing.assert_array_equal(load("02_layers/max_pool2d", "solution").max_pool2d_forward(x, **words), out)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_backward_conserves_the_gradient(load: Load, problem: Problem) -> None:
    """Each channel's gradient mass comes back whole, <dx, x> = <dout, out>, and the solution agrees."""
    x, words = problem
    out = max_pool2d_forward(x, **words)
    dout = np.random.default_rng(0).standard_normal(out.shape)
    dx = max_pool2d_backward(dout, x, **words)
    np.testing.assert_allclose(dx.sum(axis=(1, 2)), dout.sum(axis=(1, 2)), atol=1e-11)
    np.testing.assert_allclose(np.sum(dx * x), np.sum(dout * out), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        load("02_layers/max_pool2d", "solution").max_pool2d_backward(dout, x, **words), dx, atol=1e-12
    )


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("window", [1, 2, 3, 4, 5])
def test_the_first_of_tied_maxima_collects(window: int, stride: int) -> None:
    """Of small whole numbers, many of them equal: the first in reading order, whether rows are handled first or not."""
    rng = np.random.default_rng(window)
    x = rng.integers(0, 3, (2, 7, 9, 2)).astype(float)
    dout = rng.standard_normal(max_pool2d_forward(x, window=window, stride=stride).shape)
    expected = np.zeros_like(x)
    for b, i, j, c in np.ndindex(dout.shape):
        patch = x[b, i * stride : i * stride + window, j * stride : j * stride + window, c]
        p, q = np.unravel_index(patch.argmax(), patch.shape)
        expected[b, i * stride + p, j * stride + q, c] += dout[b, i, j, c]
    dx = max_pool2d_backward(dout, x, window=window, stride=stride)
    np.testing.assert_allclose(dx, expected, rtol=1e-12, atol=1e-14)


TIED = {"x": np.array([1.0, 1, 0, 1]).reshape(1, 2, 2, 1), "dout": np.full((1, 1, 1, 1), 6.0), "window": 2, "stride": 2}


@pytest.mark.parametrize("shares", [[6, 0, 0, 0], [0, 0, 0, 6], [2, 2, 0, 2], [1, 5, 0, 0]])
def test_every_split_among_tied_maxima_is_accepted(shares: list[float], load: Load) -> None:
    """First, last, equal and uneven shares are all subgradients."""
    assert None is judge(load, shares)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ([6, 6, 0, 6], "does not sum to dout"),
        ([0, 0, 0, 0], "does not sum to dout"),
        ([3, 0, 3, 0], "smaller than its window's maximum"),
        ([9, -3, 0, 0], "against its window's dout"),
        ([np.nan, 6, 0, 0], "does not sum to dout"),
    ],
)
def test_wrong_shares_are_rejected(shares: list[float], words: str, load: Load) -> None:
    """All to each, nothing, a share for a smaller pixel, a share against dout: each with its own sentence."""
    assert words in judge(load, shares)


def judge(load: Load, shares: list[float]) -> Any:
    dx = np.reshape(np.array(shares, float), (1, 2, 2, 1))
    return load("02_layers/max_pool2d", "spec").any_split_among_maxima(TIED, dx)
