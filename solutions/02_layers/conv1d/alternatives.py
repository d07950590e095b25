"""One-dimensional convolution: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.spec import alternative


@alternative("conv1d_forward", fast=False)
def five_loops(x, w, b, *, stride=1, pad=0):
    padded = _pad(x, pad)
    out = np.zeros((len(x), (padded.shape[1] - len(w)) // stride + 1, w.shape[2]))
    for m, i, n in np.ndindex(out.shape):
        out[m, i, n] = b[n]
        for p in range(w.shape[0]):
            for c in range(w.shape[1]):
                out[m, i, n] += padded[m, i * stride + p, c] * w[p, c, n]
    return out


@alternative("conv1d_forward", fast=False)
def window_by_window(x, w, b, *, stride=1, pad=0):
    padded = _pad(x, pad)
    starts = range(0, padded.shape[1] - len(w) + 1, stride)
    windows = [padded[:, start : start + len(w)].reshape(len(x), -1) for start in starts]
    return np.stack([window @ w.reshape(-1, w.shape[2]) + b for window in windows], axis=1)


@alternative("conv1d_forward")
def gathered_by_index(x, w, b, *, stride=1, pad=0):
    padded = _pad(x, pad)
    length = (padded.shape[1] - len(w)) // stride + 1
    rows = padded[:, np.arange(length)[:, None] * stride + np.arange(len(w))]
    return rows.reshape(len(x), length, -1) @ w.reshape(-1, w.shape[2]) + b


@alternative("conv1d_forward")
def windows_in_fortran_order(x, w, b, *, stride=1, pad=0):
    windows = sliding_window_view(_pad(x, pad), len(w), axis=1)[:, ::stride]
    return np.asfortranarray(np.tensordot(windows, w, axes=([2, 3], [1, 0])) + b)


@alternative("conv1d_backward", fast=False)
def every_product(dout, x, w, b, *, stride=1, pad=0):
    padded = _pad(x, pad)
    dpadded, dw, db = np.zeros_like(padded), np.zeros_like(w), np.zeros_like(b)
    for m, i, n in np.ndindex(dout.shape):
        db[n] += dout[m, i, n]
        for p, c in np.ndindex(w.shape[:2]):
            dw[p, c, n] += padded[m, i * stride + p, c] * dout[m, i, n]
            dpadded[m, i * stride + p, c] += w[p, c, n] * dout[m, i, n]
    return _crop(dpadded, x, pad), dw, db


@alternative("conv1d_backward", fast=False)
def one_window_at_a_time(dout, x, w, b, *, stride=1, pad=0):
    padded = _pad(x, pad)
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i in range(dout.shape[1]):
        place = np.s_[:, i * stride : i * stride + len(w)]
        dw += np.tensordot(padded[place], dout[:, i], axes=(0, 0))
        dpadded[place] += np.tensordot(dout[:, i], w, axes=(1, 2))
    return _crop(dpadded, x, pad), dw, sum(sum(dout))


@alternative("conv1d_backward")
def correlation_of_spread_dout(dout, x, w, b, *, stride=1, pad=0):
    padded, edge = _pad(x, pad), len(w) - 1
    spread = np.zeros((len(x), padded.shape[1] + edge, w.shape[2]))
    spread[:, edge::stride][:, : dout.shape[1]] = dout
    dpadded = np.tensordot(sliding_window_view(spread, len(w), axis=1), w[::-1], axes=([2, 3], [2, 0]))
    windows = sliding_window_view(padded, len(w), axis=1)[:, ::stride]
    dw = np.tensordot(windows, dout, axes=([0, 1], [0, 1])).swapaxes(0, 1)
    return np.asfortranarray(_crop(dpadded, x, pad)), dw, np.einsum("bin->n", dout)


@alternative("conv1d_backward")
def gathered_and_added_at(dout, x, w, b, *, stride=1, pad=0):
    padded = _pad(x, pad)
    places = np.arange(dout.shape[1])[:, None] * stride + np.arange(len(w))
    flat, size = dout.reshape(-1, dout.shape[2]), w.shape[0] * w.shape[1]
    dpadded = np.zeros_like(padded)
    np.add.at(dpadded, np.s_[:, places], np.tensordot(dout, w, axes=(2, 2)))
    dw = padded[:, places].reshape(-1, size).T @ flat
    return _crop(dpadded, x, pad), dw.reshape(w.shape), flat.sum(axis=0)


def _pad(x, pad):
    return np.pad(x, ((0, 0), (pad, pad), (0, 0)))


def _crop(dpadded, x, pad):
    return dpadded[:, pad : pad + x.shape[1]]
