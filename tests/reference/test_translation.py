"""Translation and sparsity: the lecture's numbers, and laws that tie the counts and errors to the layers themselves."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.convolution import conv2d_forward
from reference.pooling import max_pool2d_forward
from reference.sparsity import conv_connections, conv_parameters, dense_connections, dense_parameters
from reference.translation import equivariance_error, pool_invariance, translate

Load = Callable[[str, str], ModuleType]
small = st.integers(1, 3)
moves = st.integers(-9, 9)


@st.composite
def convolutions(draw: st.DrawFn) -> dict[str, int]:
    """The sizes of a convolution whose windows fit, for `conv_connections`."""
    pad, kh, kw = draw(st.integers(0, 4)), draw(small), draw(small)
    height, width = (draw(st.integers(max(1, k - 2 * pad), 6)) for k in (kh, kw))
    sizes = {"height": height, "width": width, "kh": kh, "kw": kw, "c": draw(small), "n": draw(small)}
    return sizes | {"stride": draw(small), "pad": pad}


@settings(max_examples=60, deadline=None)
@given(convolutions())
def test_connections_are_the_nonzeros_of_the_matrix_that_a_convolution_is(load: Load, sizes: dict[str, int]) -> None:
    """Sent one pixel at a time through a kernel of ones, the outputs that answer are the connections of that pixel."""
    shape = sizes["height"], sizes["width"], sizes["c"]
    pixels = np.eye(np.prod(shape)).reshape(-1, *shape)
    w = np.ones((sizes["kh"], sizes["kw"], sizes["c"], sizes["n"]))
    out = conv2d_forward(pixels, w, np.zeros(sizes["n"]), stride=sizes["stride"], pad=sizes["pad"])
    assert conv_connections(**sizes) == np.count_nonzero(out)
    assert load("02_layers/connection_counts", "solution").conv_connections(**sizes) == np.count_nonzero(out)


def test_the_lectures_counts() -> None:
    """3 weights in one dimension, 9 in two, however many neurons; N x M in a dense layer, one per connection."""
    assert (conv_parameters(1, 3, 1, 1), conv_parameters(3, 3, 1, 1)) == (3, 9)
    assert dense_parameters(16, 16) == dense_connections(16, 16) == 256
    assert conv_connections(4, 4, 3, 3, 1, 1, pad=1) == 100


@settings(max_examples=60, deadline=None)
@given(moves, moves, st.integers(1, 6), st.integers(1, 6))
def test_translation_is_the_definition_pixel_by_pixel(load: Load, dy: int, dx: int, height: int, width: int) -> None:
    """out[i, j] = x[i - dy, j - dx] or 0, and solution and oracle agree, for moves far beyond the frame too."""
    x = np.arange(1.0, height * width + 1).reshape(height, width)
    out = translate(x, dy, dx)
    for i, j in np.ndindex(x.shape):
        inside = 0 <= i - dy < height and 0 <= j - dx < width
        assert out[i, j] == (x[i - dy, j - dx] if inside else 0)
    np.testing.assert_array_equal(load("02_layers/translation", "solution").translate(x, dy, dx), out)


def test_lecture_pooling_of_the_moved_first_row() -> None:
    """The slide's row 1 2 3 4 5 becomes 2 3 4 5 in its frame of four, and all four pooled numbers stay."""
    x = np.arange(1.0, 17).reshape(4, 4)
    moved = x.copy()
    moved[0] = translate(np.array([[1.0, 2, 3, 4, 5]]), 0, -1)[0, :4]
    assert moved[0].tolist() == [2, 3, 4, 5]
    for image in (x, moved):
        pooled = max_pool2d_forward(image[None, :, :, None], window=2, stride=2)[0, :, :, 0]
        assert pooled.tolist() == [[6, 8], [14, 16]]


@settings(max_examples=40, deadline=None)
@given(st.integers(-3, 3), st.integers(-3, 3), small, small, st.integers(0, 2**32))
def test_convolution_moves_along_with_an_object_in_the_middle(dy: int, dx: int, kh: int, kw: int, seed: int) -> None:
    """With zeros around it as wide as the kernel and the move, the error is 0; with pixels at the border it is not."""
    rng = np.random.default_rng(seed)
    w = rng.standard_normal((kh, kw))
    x = rng.standard_normal((4, 5))
    assert equivariance_error(np.pad(x, 5), w, dy, dx) <= 1e-12
    if (dy, dx) != (0, 0) and kh > 1 and kw > 1:
        assert equivariance_error(np.pad(x, 1)[1:-1, 1:-1], w, dy, dx) > 1e-6


def test_max_pooling_forgives_a_small_move_of_bright_pixels() -> None:
    """Pixels that stay inside their windows change nothing, those that cross a border change two outputs each."""
    x = np.zeros((6, 6))
    x[0, 0] = x[2, 4] = 1.0
    assert pool_invariance(x, 1, 1, window=2, stride=2) == 1.0
    assert pool_invariance(x, 0, -1, window=2, stride=2) == pytest.approx(1 - 3 / 9)
