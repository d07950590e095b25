"""Pooling: a window slides over the image and keeps one number of each channel.

A loop over the window's positions, not over the windows: each round handles one position of all windows at once, as a
strided slice of the image. A window of 2 or 3 pixels a side means 4 or 9 rounds, whatever the size of the image.
Most layers' windows do not overlap: their shares are written, not added, which spares reading what is there.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

BLOCK_BYTES = 2**20
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

    A pixel that is the maximum of several overlapping windows collects from all of them. Which pixels these are has to
    be found again, for nothing is kept from the forward pass; that is half of the time. Multiplying dout by a mask at
    every position of the window costs less than picking the pixels out, and a few images at a time stay in the cache.
    """
    dx = np.zeros(x.shape, dout.dtype)
    images = max(1, BLOCK_BYTES * len(x) // max(1, x.nbytes))
    for start in range(0, len(x), images):
        block = slice(start, start + images)
        source = _source(x[block], window, stride)
        for number, place in enumerate(_places(x, window, stride)):
            _give(dx[block][place], dout[block] * (source == number), apart=stride >= window)
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
        _give(dx[place], share, apart=stride >= window)
    return dx


def _source(x: np.ndarray, window: int, stride: int) -> np.ndarray:
    """For each window the number of the position that holds its maximum, the first of several: bytes are cheap."""
    first, *others = _places(x, window, stride)
    highest = x[first].copy()
    source = np.zeros(highest.shape, np.min_scalar_type(window * window))
    for number, place in enumerate(others, 1):
        higher = x[place] > highest
        np.maximum(source, higher * source.dtype.type(number), out=source)
        np.maximum(highest, x[place], out=highest)
    return source


def _give(pixels: np.ndarray, share: np.ndarray, *, apart: bool) -> None:
    """Add the share to the pixels, which are still 0 where windows lie apart."""
    if apart:
        pixels[...] = share
    else:
        pixels += share


def _places(x: np.ndarray, window: int, stride: int) -> Iterator[Place]:
    """For each position within a window, in reading order: where it lies in the image, for all windows at once."""
    height, width = ((size - window) // stride * stride + 1 for size in x.shape[1:3])
    for p in range(window):
        for q in range(window):
            yield slice(None), slice(p, p + height, stride), slice(q, q + width, stride)
