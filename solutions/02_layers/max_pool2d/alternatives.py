"""Max pooling: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.spec import alternative


@alternative("max_pool2d_forward", fast=False)
def pixel_by_pixel(x, *, window, stride):
    out = np.full(_shape(x, window, stride), -np.inf)
    for b, i, j, c in np.ndindex(out.shape):
        for p in range(window):
            for q in range(window):
                out[b, i, j, c] = max(out[b, i, j, c], x[b, i * stride + p, j * stride + q, c])
    return out


@alternative("max_pool2d_forward", fast=False)
def window_by_window(x, *, window, stride):
    out = np.zeros(_shape(x, window, stride))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            out[:, i, j] = x[:, i * stride : i * stride + window, j * stride : j * stride + window].max(axis=(1, 2))
    return out


@alternative("max_pool2d_forward")
def rows_then_columns(x, *, window, stride):
    _, height, width, _ = _shape(x, window, stride)
    rows = x[:, : height * stride : stride]
    for p in range(1, window):
        rows = np.maximum(rows, x[:, p : p + height * stride : stride])
    out = rows[:, :, : width * stride : stride]
    for q in range(1, window):
        out = np.maximum(out, rows[:, :, q : q + width * stride : stride])
    return np.array(out, order="F")


@alternative("max_pool2d_forward")
def maximum_of_a_window_view(x, *, window, stride):
    return np.max(sliding_window_view(x, (window, window), axis=(1, 2))[:, ::stride, ::stride], axis=(4, 5))


@alternative("max_pool2d_backward", fast=False)
def last_maximum_wins(dout, x, *, window, stride):
    dx = np.zeros_like(x)
    for b, i, j, c in np.ndindex(dout.shape):
        top, left = i * stride, j * stride
        best = (top, left)
        for p in range(top, top + window):
            for q in range(left, left + window):
                if x[b, p, q, c] >= x[b, best[0], best[1], c]:
                    best = (p, q)
        dx[b, best[0], best[1], c] += dout[b, i, j, c]
    return dx


@alternative("max_pool2d_backward", fast=False)
def tied_maxima_share(dout, x, *, window, stride):
    dx = np.zeros_like(x)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            place = np.s_[:, i * stride : i * stride + window, j * stride : j * stride + window]
            mask = x[place] == x[place].max(axis=(1, 2), keepdims=True)
            dx[place] += dout[:, i : i + 1, j : j + 1] * mask / mask.sum(axis=(1, 2), keepdims=True)
    return dx


@alternative("max_pool2d_backward")
def masks_shared_among_ties(dout, x, *, window, stride):
    height, width = dout.shape[1:3]
    places = [
        np.s_[:, p : p + height * stride : stride, q : q + width * stride : stride]
        for p in range(window)
        for q in range(window)
    ]
    out = x[places[0]]
    for place in places[1:]:
        out = np.maximum(out, x[place])
    share = dout / sum((x[place] == out).astype(float) for place in places)
    dx = np.zeros(x.shape, order="F")
    for place in places:
        dx[place] += share * (x[place] == out)
    return dx


@alternative("max_pool2d_backward")
def counted_by_index(dout, x, *, window, stride):
    windows = sliding_window_view(x, (window, window), axis=(1, 2))[:, ::stride, ::stride]
    b, i, j, c = np.ogrid[tuple(slice(size) for size in dout.shape)]
    p, q = np.divmod(windows.reshape(*dout.shape, -1).argmax(axis=-1), window)
    flat = np.ravel_multi_index((b, i * stride + p, j * stride + q, c), x.shape)
    return np.bincount(flat.ravel(), dout.ravel(), minlength=x.size).reshape(x.shape)


def _shape(x, window, stride):
    return (len(x), *((size - window) // stride + 1 for size in x.shape[1:3]), x.shape[3])
