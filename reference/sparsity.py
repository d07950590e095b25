"""How many parameters and connections a layer has: local connectivity and parameter sharing as numbers.

A connection is a pair of an input neuron and an output neuron with a weight between them; a parameter is a number that
is learned. In a dense layer they are as many; a convolution has few connections, and they share still fewer weights.
Biases belong to one neuron, not to a pair, and are not counted. Zero padding is no neuron. Source: Goodfellow, Bengio
and Courville, "Deep Learning", section 9.2.
"""

from __future__ import annotations

import numpy as np


def dense_parameters(n: int, m: int) -> int:
    """Weights of a dense layer from n neurons to m: one per connection."""
    return n * m


def conv_parameters(kh: int, kw: int, c: int, n: int) -> int:
    """Weights of n filters of kh by kw over c channels, however large the image."""
    return kh * kw * c * n


def dense_connections(n: int, m: int) -> int:
    """Connections of a dense layer: every one of n neurons with every one of m."""
    return n * m


def conv_connections(
    height: int, width: int, kh: int, kw: int, c: int, n: int, *, stride: int = 1, pad: int = 0
) -> int:
    """Connections of a convolution from an image (height, width, c) to its n output channels, none to the padding.

    Whether a window's pixel lies in the image is asked of its row and its column apart, so the count is a product.
    """
    return _reached(height, kh, stride, pad) * _reached(width, kw, stride, pad) * c * n


def _reached(size: int, window: int, stride: int, pad: int) -> int:
    """Pairs of a window and a pixel inside it, along one axis of `size` pixels."""
    starts = np.arange(0, size + 2 * pad - window + 1, stride) - pad
    pixels = starts[:, None] + np.arange(window)
    return int(np.count_nonzero((pixels >= 0) & (pixels < size)))
