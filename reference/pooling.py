"""Pooling: a window slides over the image and keeps one number of each channel.

A loop over the window's positions, not over the windows: each round handles one position of all windows at once, as a
strided slice of the image. A window of 2 or 3 pixels a side means 4 or 9 rounds, whatever the size of the image.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

Place = tuple[slice, slice, slice]


def max_pool2d_forward(x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    """out[b, i, j, c] = the maximum of x[b, i·stride : i·stride + window, j·stride : j·stride + window, c].

    x (B, H, W, C), out (B, H', W', C) with H' = (H - window) // stride + 1 and W' likewise.
    """
    places = _places(x, window, stride)
    out = x[next(places)].copy()
    for place in places:
        np.maximum(out, x[place], out=out)
    return out


def max_pool2d_backward(dout: np.ndarray, x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    """dx, shaped as x: each window passes its dout to its maximum, on ties to the first in reading order.

    A pixel that is the maximum of several overlapping windows collects from all of them. A share, once given, is taken
    from what is left of dout: arithmetic on every pixel is cheaper than finding the few that matter.
    """
    out = max_pool2d_forward(x, window=window, stride=stride)
    left = dout.copy()
    dx = np.zeros(x.shape, dout.dtype)
    for place in _places(x, window, stride):
        share = left * (x[place] == out)
        left -= share
        dx[place] += share
    return dx


def avg_pool2d_forward(x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    """out[b, i, j, c] = the mean of x[b, i·stride : i·stride + window, j·stride : j·stride + window, c].

    x (B, H, W, C), out (B, H', W', C) with H' = (H - window) // stride + 1 and W' likewise.
    """
    places = _places(x, window, stride)
    out = x[next(places)].copy()
    for place in places:
        out += x[place]
    out /= window * window
    return out


def avg_pool2d_backward(dout: np.ndarray, x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    """dx, shaped as x: each window gives every one of its pixels the same share, dout / window².

    x matters by its shape alone. Where windows overlap, shares add up; a pixel that no window holds gets 0.
    """
    share = dout / (window * window)
    dx = np.zeros(x.shape, dout.dtype)
    for place in _places(x, window, stride):
        dx[place] += share
    return dx


def _places(x: np.ndarray, window: int, stride: int) -> Iterator[Place]:
    """For each position within a window, in reading order: where it lies in the image, for all windows at once."""
    height, width = ((size - window) // stride * stride + 1 for size in x.shape[1:3])
    for p in range(window):
        for q in range(window):
            yield slice(None), slice(p, p + height, stride), slice(q, q + width, stride)
