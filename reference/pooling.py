"""Pooling: a window slides over the image and keeps one number of each channel.

A loop over the window's positions, not over the windows: each round handles one position of all windows at once, as a
strided slice of the image. Rows and columns are separable: the maximum of a window is the maximum over its rows of the
maximum along each row, so a window of F pixels a side takes 2·F rounds in place of F². From F = 3 on that is faster
(from F = 4 for the gradient of maxima), below it is slower (docs/benchmarks.md#limits). Most layers' windows do not
overlap: their shares are written, not added, which spares reading what is there.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

BLOCK_BYTES = 2**20
SEPARABLE = 3
"""The smallest window that is handled by rows, then columns; for the gradient of maxima it must be larger."""
Place = tuple[slice, slice, slice]


def max_pool2d_forward(x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    """out[b, i, j, c] = the maximum of x[b, i·stride : i·stride + window, j·stride : j·stride + window, c].

    x (B, H, W, C), out (B, H', W', C) with H' = (H - window) // stride + 1 and W' likewise.
    """
    return _reduce(np.maximum, x, window, stride)


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
        _give_to_maxima(dx[block], dout[block], x[block], window, stride)
    return dx


def avg_pool2d_forward(x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    """out[b, i, j, c] = the mean of x[b, i·stride : i·stride + window, j·stride : j·stride + window, c].

    x (B, H, W, C), out (B, H', W', C) with H' = (H - window) // stride + 1 and W' likewise.
    """
    out = _reduce(np.add, x, window, stride)
    out /= window * window
    return out


def avg_pool2d_backward(dout: np.ndarray, x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    """dx, shaped as x: each window gives every one of its pixels the same share, dout / window².

    x matters by its shape alone. Where windows overlap, shares add up; a pixel that no window holds gets 0.
    """
    share = dout / (window * window)
    dx = np.zeros(x.shape, dout.dtype)
    if window < SEPARABLE:
        for place in _places(x, window, stride):
            _give(dx[place], share, apart=stride >= window)
        return dx
    dcolumns = np.zeros((*dout.shape[:2], *x.shape[2:]), dout.dtype)
    for place in _line(2, x, window, stride):
        _give(dcolumns[place], share, apart=stride >= window)
    for place in _line(1, x, window, stride):
        _give(dx[place], dcolumns, apart=stride >= window)
    return dx


def _reduce(combine: np.ufunc, x: np.ndarray, window: int, stride: int) -> np.ndarray:
    """Combine the pixels of each window, channel by channel; the result may be changed."""
    if window < SEPARABLE:
        return _combine(combine, x, _places(x, window, stride))
    return _combine(combine, _combine(combine, x, _line(1, x, window, stride)), _line(2, x, window, stride))


def _combine(combine: np.ufunc, x: np.ndarray, places: Iterator[Place]) -> np.ndarray:
    out = x[next(places)].copy()
    for place in places:
        combine(out, x[place], out=out)
    return out


def _give_to_maxima(dx: np.ndarray, dout: np.ndarray, x: np.ndarray, window: int, stride: int) -> None:
    """Add each dout to dx, which is 0, at the first maximum of its window in reading order.

    Separably: the first maximum along the pixels of each row, then the first row that holds the highest of them.
    """
    apart = stride >= window
    if window <= SEPARABLE:
        _, source = _source(x, _places(x, window, stride))
        for number, place in enumerate(_places(x, window, stride)):
            _give(dx[place], dout * (source == number), apart=apart)
        return
    highest, column = _source(x, _line(2, x, window, stride))
    _, row = _source(highest, _line(1, highest, window, stride))
    drows = np.zeros(highest.shape, dout.dtype)
    for number, place in enumerate(_line(1, highest, window, stride)):
        _give(drows[place], dout * (row == number), apart=apart)
    for number, place in enumerate(_line(2, x, window, stride)):
        _give(dx[place], drows * (column == number), apart=apart)


def _source(x: np.ndarray, places: Iterator[Place]) -> tuple[np.ndarray, np.ndarray]:
    """The maximum over the places, and the number of the first place that holds it: bytes are cheap."""
    first, *others = places
    highest = x[first].copy()
    source = np.zeros(highest.shape, np.min_scalar_type(len(others) + 1))
    for number, place in enumerate(others, 1):
        higher = x[place] > highest
        np.maximum(source, higher * source.dtype.type(number), out=source)
        np.maximum(highest, x[place], out=highest)
    return highest, source


def _give(pixels: np.ndarray, share: np.ndarray, *, apart: bool) -> None:
    """Add the share to the pixels, which are still 0 where windows lie apart."""
    if apart:
        pixels[...] = share
    else:
        pixels += share


def _places(x: np.ndarray, window: int, stride: int) -> Iterator[Place]:
    """For each position within a window, in reading order: where it lies in the image, for all windows at once."""
    for rows in _line(1, x, window, stride):
        for columns in _line(2, x, window, stride):
            yield slice(None), rows[1], columns[2]


def _line(axis: int, x: np.ndarray, window: int, stride: int) -> Iterator[Place]:
    """For each position of a window along an axis, 1 or 2: where it lies in the image, for all windows at once."""
    length = (x.shape[axis] - window) // stride * stride + 1
    for start in range(window):
        part = slice(start, start + length, stride)
        yield (slice(None), part, slice(None)) if axis == 1 else (slice(None), slice(None), part)
