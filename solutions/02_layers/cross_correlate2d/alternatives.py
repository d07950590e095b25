"""Cross-correlation: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.spec import alternative


@alternative("cross_correlate2d", fast=False)
def four_loops(x, k, *, stride=1, pad=0):
    padded = np.pad(x, ((pad, pad), (pad, pad)))
    out = np.zeros(_sizes(padded, k, stride))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for p in range(k.shape[0]):
                for q in range(k.shape[1]):
                    out[i, j] += padded[i * stride + p, j * stride + q] * k[p, q]
    return out


@alternative("cross_correlate2d", fast=False)
def window_by_window(x, k, *, stride=1, pad=0):
    padded = np.zeros((x.shape[0] + 2 * pad, x.shape[1] + 2 * pad))
    padded[pad : pad + x.shape[0], pad : pad + x.shape[1]] = x
    height, width = _sizes(padded, k, stride)
    out = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            top, left = i * stride, j * stride
            out[i, j] = np.sum(padded[top : top + k.shape[0], left : left + k.shape[1]] * k)
    return out


@alternative("cross_correlate2d")
def one_kernel_entry_at_a_time(x, k, *, stride=1, pad=0):
    padded = np.pad(x, pad)
    height, width = _sizes(padded, k, stride)
    out = np.zeros((height, width))
    for p in range(k.shape[0]):
        for q in range(k.shape[1]):
            out += padded[p : p + height * stride : stride, q : q + width * stride : stride] * k[p, q]
    return out


@alternative("cross_correlate2d")
def windows_as_rows_in_fortran_order(x, k, *, stride=1, pad=0):
    windows = sliding_window_view(np.pad(x, pad), k.shape)[::stride, ::stride]
    out = windows.reshape(-1, k.size) @ k.reshape(-1)
    return np.asfortranarray(out.reshape(windows.shape[:2]))


@alternative("cross_correlate2d")
def tensordot_over_windows(x, k, *, stride=1, pad=0):
    return np.tensordot(sliding_window_view(np.pad(x, pad), k.shape), k, axes=2)[::stride, ::stride]


def _sizes(padded, k, stride):
    return (padded.shape[0] - k.shape[0]) // stride + 1, (padded.shape[1] - k.shape[1]) // stride + 1
