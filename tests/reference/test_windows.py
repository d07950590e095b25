"""What slides along an axis: output size, cross-correlation, average pooling, convolution in 1-D; and flatten."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.convolution import conv2d_backward, conv2d_forward, cross_correlate2d, output_size
from reference.convolution1d import conv1d_backward, conv1d_forward, conv_matrix
from reference.dense import flatten_backward, flatten_forward
from reference.pooling import avg_pool2d_backward, avg_pool2d_forward

Load = Callable[[str, str], ModuleType]
Slide = dict[str, int]
small = st.integers(1, 3)


@st.composite
def slides(draw: st.DrawFn) -> tuple[int, int, Slide]:
    """A size, a window that fits, and the words stride and pad."""
    window, pad = draw(st.integers(1, 4)), draw(st.integers(0, 2))
    size = draw(st.integers(max(1, window - 2 * pad), 9))
    return size, window, {"stride": draw(st.integers(1, 4)), "pad": pad}


def normal(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


@settings(max_examples=100, deadline=None)
@given(slides())
def test_output_size_counts_the_starts(load: Load, slide: tuple[int, int, Slide]) -> None:
    """It is the number of starts from which the window fits into the padded axis, an int; the solution agrees."""
    size, window, words = slide
    starts = [start for start in range(0, size + 2 * words["pad"], words["stride"])
              if start + window <= size + 2 * words["pad"]]  # fmt: skip
    out = output_size(size, window=window, **words)
    assert (type(out), out) == (int, len(starts))
    assert load("02_layers/output_size", "solution").output_size(size, window=window, **words) == out


@pytest.mark.parametrize(
    ("size", "words", "expected"),
    [(3, {"window": 2}, 2), (4, {"window": 2, "stride": 2}, 2), (4, {"window": 3, "pad": 1}, 4)],
)
def test_lecture_output_sizes(size: int, words: Slide, expected: int) -> None:
    """The two pooling pictures and the convolution's 4x4 image."""
    assert expected == output_size(size, **words)


def test_lecture_cross_correlation() -> None:
    """The slide's 4x4 image with zero padding 1 gives the slide's output, -1 first."""
    image = np.array([[1, 2, 1, 0], [0, 2, 1, 2], [1, 2, 1, 2], [1, 2, 1, 1]], float)
    kernel = np.array([[1, -1, 1], [0, 1, 0], [1, 1, -1]], float)
    expected = [[-1, 3, 2, 3], [0, 4, 3, 6], [2, 3, 6, 3], [2, 2, 4, 0]]
    assert expected == cross_correlate2d(image, kernel, stride=1, pad=1).tolist()


@settings(max_examples=50, deadline=None)
@given(slides(), st.integers(1, 4), st.integers(4, 8), st.integers(0, 2**32))
def test_cross_correlation_is_conv2d_with_one_channel(
    load: Load, slide: tuple[int, int, Slide], width: int, columns: int, seed: int
) -> None:
    """Image, channel and filter of length 1 make conv2d this exercise; the solution agrees."""
    rows, height, words = slide
    x, k = normal(seed, rows, columns), normal(seed + 1, height, width)
    expected = conv2d_forward(x[None, :, :, None], k[:, :, None, None], np.zeros(1), **words)[0, :, :, 0]
    solution = load("02_layers/cross_correlate2d", "solution").cross_correlate2d
    for out in (cross_correlate2d(x, k, **words), solution(x, k, **words)):
        np.testing.assert_allclose(out, expected, rtol=1e-12, atol=1e-12)
        assert out.shape == expected.shape


@settings(max_examples=50, deadline=None)
@given(small, st.integers(3, 8), st.integers(3, 8), small, st.integers(1, 3), st.integers(1, 4), st.integers(0, 2**32))
def test_average_pooling_is_a_convolution(
    load: Load, batch: int, height: int, width: int, channels: int, window: int, stride: int, seed: int
) -> None:
    """It is conv2d with the weight 1/window² from each channel to itself, forward and backward; the solution agrees."""
    x, words = normal(seed, batch, height, width, channels), {"window": window, "stride": stride}
    w, b = np.broadcast_to(np.eye(channels), (window, window, channels, channels)) / window**2, np.zeros(channels)
    expected = conv2d_forward(x, w, b, stride=stride)
    dout = normal(seed + 1, *expected.shape)
    dx, _, _ = conv2d_backward(dout, x, w, b, stride=stride)
    solution = load("02_layers/avg_pool2d", "solution")
    for forward in (avg_pool2d_forward, solution.avg_pool2d_forward):
        np.testing.assert_allclose(forward(x, **words), expected, rtol=1e-12, atol=1e-12)
    for backward in (avg_pool2d_backward, solution.avg_pool2d_backward):
        np.testing.assert_allclose(backward(dout, x, **words), dx, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("side", "stride", "expected"), [(3, 1, [[3, 4], [6, 7]]), (4, 2, [[3.5, 5.5], [11.5, 13.5]])], ids=["3x3", "4x4"]
)
def test_the_lecture_pictures_averaged(side: int, stride: int, expected: list[list[float]]) -> None:
    """The images of the slides' two pooling pictures, with size 2 and stride 1 and 2."""
    x = np.arange(1.0, side * side + 1).reshape(1, side, side, 1)
    assert expected == avg_pool2d_forward(x, window=2, stride=stride)[0, :, :, 0].tolist()


@settings(max_examples=50, deadline=None)
@given(slides(), small, small, small, st.integers(0, 2**32))
def test_conv1d_is_conv2d_on_one_row(
    load: Load, slide: tuple[int, int, Slide], batch: int, channels: int, filters: int, seed: int
) -> None:
    """Sequences as images of height 1, padded by hand: the same output and gradients; the solution agrees."""
    length, k, words = slide
    pad, stride = words["pad"], words["stride"]
    x, w, b = normal(seed, batch, length, channels), normal(seed + 1, k, channels, filters), normal(seed + 2, filters)
    image = np.pad(x, ((0, 0), (pad, pad), (0, 0)))[:, None]
    expected = conv2d_forward(image, w[None], b, stride=stride)
    dout = normal(seed + 3, *expected.shape)
    dimage, dw, db = conv2d_backward(dout, image, w[None], b, stride=stride)
    gradients = dimage[:, 0, pad : pad + length], dw[0], db
    solution = load("02_layers/conv1d", "solution")
    for forward in (conv1d_forward, solution.conv1d_forward):
        np.testing.assert_allclose(forward(x, w, b, **words), expected[:, 0], rtol=1e-11, atol=1e-11)
    for backward in (conv1d_backward, solution.conv1d_backward):
        for got, wanted in zip(backward(dout[:, 0], x, w, b, **words), gradients, strict=True):
            np.testing.assert_allclose(got, wanted, rtol=1e-11, atol=1e-11)


@settings(max_examples=50, deadline=None)
@given(slides(), st.integers(0, 2**32))
def test_conv_matrix_is_the_convolution_and_its_gradient(
    load: Load, slide: tuple[int, int, Slide], seed: int
) -> None:
    """x @ matrix is conv1d without bias, dout @ matrixᵀ its dx; each column has at most k connections."""
    length, k, words = slide
    x, w = normal(seed, 2, length), normal(seed + 1, k)
    matrix = conv_matrix(w, length, **words)
    cubes = x[..., None], w[:, None, None], np.zeros(1)
    out = conv1d_forward(*cubes, **words)
    np.testing.assert_allclose(x @ matrix, out[..., 0], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(out[..., 0] @ matrix.T, conv1d_backward(out, *cubes, **words)[0][..., 0], atol=1e-11)
    assert np.all(np.count_nonzero(matrix, axis=0) <= k)
    np.testing.assert_array_equal(load("02_layers/conv_matrix", "solution").conv_matrix(w, length, **words), matrix)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=2, max_size=4), st.sampled_from("CF"), st.integers(0, 2**32))
def test_flatten_and_back_is_the_identity(load: Load, shape: list[int], order: str, seed: int) -> None:
    """backward(forward(x)) = x for any shape and memory order, rows in index order, all in new memory."""
    x = np.array(normal(seed, *shape), order=order)  # type: ignore[call-overload]
    solution = load("02_layers/flatten", "solution")
    for forward, backward in (
        (flatten_forward, flatten_backward),
        (solution.flatten_forward, solution.flatten_backward),
    ):
        rows = forward(x)
        assert rows.tolist() == [[example[i] for i in np.ndindex(example.shape)] for example in x]
        np.testing.assert_array_equal(backward(rows, x), x)
        assert not np.shares_memory(rows, x) and not np.shares_memory(backward(rows, x), rows)
