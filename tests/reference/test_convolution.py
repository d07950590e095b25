"""Convolution: the lecture's numbers, the formula written out, and laws over all shapes, strides and paddings."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import convolution
from reference.convolution import conv2d_backward, conv2d_forward

Problem = tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, int]]
Load = Callable[[str, str], ModuleType]
small = st.integers(1, 3)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """x, w, b and hyperparameters of any small shapes for which at least one window fits."""
    pad, stride = draw(st.integers(0, 2)), draw(small)
    kernel = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    height, width = (draw(st.integers(max(1, k - 2 * pad), 7)) for k in kernel)
    batch, channels, filters = draw(small), draw(small), draw(small)
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    x = rng.standard_normal((batch, height, width, channels))
    w = rng.standard_normal((*kernel, channels, filters))
    return x, w, rng.standard_normal(filters), {"stride": stride, "pad": pad}


def by_the_formula(x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int, pad: int) -> np.ndarray:
    """Every output as the sum its definition says."""
    padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    height, width = ((padded.shape[axis] - w.shape[axis - 1]) // stride + 1 for axis in (1, 2))
    out = np.empty((len(x), height, width, w.shape[3]))
    for m, i, j, n in np.ndindex(out.shape):
        window = padded[m, i * stride : i * stride + w.shape[0], j * stride : j * stride + w.shape[1]]
        out[m, i, j, n] = b[n] + np.sum(window * w[..., n])
    return out


def test_lecture_convolution() -> None:
    """The slide's 4x4 image with zero padding 1 gives the slide's output."""
    image = np.array([[1, 2, 1, 0], [0, 2, 1, 2], [1, 2, 1, 2], [1, 2, 1, 1]], float)
    kernel = np.array([[1, -1, 1], [0, 1, 0], [1, 1, -1]], float)
    out = conv2d_forward(image[None, :, :, None], kernel[:, :, None, None], np.zeros(1), stride=1, pad=1)
    assert out[0, :, :, 0].tolist() == [[-1, 3, 2, 3], [0, 4, 3, 6], [2, 3, 6, 3], [2, 2, 4, 0]]


@settings(max_examples=60, deadline=None)
@given(problems())
def test_forward_is_the_formula(load: Load, problem: Problem) -> None:
    """Oracle and solution both equal the sum written out, whatever the shapes."""
    x, w, b, words = problem
    expected = by_the_formula(x, w, b, **words)
    np.testing.assert_allclose(conv2d_forward(x, w, b, **words), expected, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(
        load("02_layers/conv2d", "solution").conv2d_forward(x, w, b, **words), expected, rtol=1e-11, atol=1e-11
    )


@settings(max_examples=60, deadline=None)
@given(problems())
def test_backward_is_the_adjoint(load: Load, problem: Problem) -> None:
    """Forward without bias is linear in x and in w, so <dout, forward> = <dx, x> = <dw, w>; the solution agrees."""
    x, w, b, words = problem
    out = conv2d_forward(x, w, np.zeros_like(b), **words)
    dout = np.random.default_rng(0).standard_normal(out.shape)
    dx, dw, db = conv2d_backward(dout, x, w, b, **words)
    np.testing.assert_allclose([np.sum(dx * x), np.sum(dw * w)], np.sum(dout * out), rtol=1e-9, atol=1e-9)
    for got, expected in zip(
        load("02_layers/conv2d", "solution").conv2d_backward(dout, x, w, b, **words), (dx, dw, db), strict=True
    ):
        np.testing.assert_allclose(got, expected, rtol=1e-11, atol=1e-11)


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """The result is the same whether the windows are copied all at once, one image at a time, or unevenly."""
    rng = np.random.default_rng(0)
    x, w, b = rng.standard_normal((5, 6, 7, 2)), rng.standard_normal((3, 2, 2, 4)), rng.standard_normal(4)
    dout = rng.standard_normal((5, 4, 6, 4))
    whole = conv2d_forward(x, w, b), *conv2d_backward(dout, x, w, b)
    for size in (1, 2 * 8 * 4 * 6 * 12):
        monkeypatch.setattr(convolution, "BLOCK_BYTES", size)
        parts = conv2d_forward(x, w, b), *conv2d_backward(dout, x, w, b)
        for got, expected in zip(parts, whole, strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-13, atol=1e-13)
