"""Convolution along one axis: the same three matrix products as in two dimensions, and the matrix that it is.

A window of k neighbours with C channels each lies in memory as one run of k·C numbers, so making the rows is one fast
copy, and a sequence is short enough to do without blocks. Deep learning's "convolution" does not flip its kernel.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from reference.convolution import output_size


def conv1d_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray, *, stride: int = 1, pad: int = 0) -> np.ndarray:
    """out[a, i, n] = b[n] + the sum over p, c of padded[a, i·stride + p, c] · w[p, c, n].

    x (B, L, C), w (k, C, N), b (N,); `pad` zeros at each end. out (B, L', N) with L' = (L + 2·pad - k) // stride + 1.
    """
    rows = _rows(_padded(x, pad), w, stride)
    out = rows @ w.reshape(-1, w.shape[2])
    out += b
    return out.reshape(len(x), output_size(x.shape[1], window=len(w), stride=stride, pad=pad), w.shape[2])


def conv1d_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray, *, stride: int = 1, pad: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients (dx, dw, db), shaped as x, w and b; dout (B, L', N).

    dw = rowsᵀ @ dout; drows = dout @ wᵀ, added back to the windows' places one kernel position at a time.
    """
    padded, upstream = _padded(x, pad), dout.reshape(-1, dout.shape[2])
    dw = _rows(padded, w, stride).T @ upstream
    drows = (upstream @ w.reshape(-1, w.shape[2]).T).reshape(*dout.shape[:2], *w.shape[:2])
    dpadded = np.zeros_like(padded)
    for p in range(len(w)):
        dpadded[:, p : p + stride * dout.shape[1] : stride] += drows[:, :, p]
    return dpadded[:, pad : pad + x.shape[1]], dw.reshape(w.shape), upstream.sum(axis=0)


def conv_matrix(w: np.ndarray, length: int, *, stride: int = 1, pad: int = 0) -> np.ndarray:
    """The matrix (L, L') for which `x @ matrix` is the convolution of x (L,) with the kernel w (k,); L = length.

    matrix[i·stride + p - pad, i] = w[p], and 0 elsewhere. Every column holds the same k weights, one stride further
    down than the column before: few connections, shared weights. Weights that fall on the padding are cut off.
    """
    columns = np.arange(output_size(length, window=len(w), stride=stride, pad=pad))
    matrix = np.zeros((length + 2 * pad, len(columns)), w.dtype)
    matrix[stride * columns + np.arange(len(w))[:, None], columns] = w[:, None]
    return matrix[pad : pad + length]


def _padded(x: np.ndarray, pad: int) -> np.ndarray:
    """x in C order, with `pad` rows of zeros before and after each sequence."""
    batch, length, channels = x.shape
    padded = np.zeros((batch, length + 2 * pad, channels), x.dtype)
    padded[:, pad : pad + length] = x
    return padded


def _rows(padded: np.ndarray, w: np.ndarray, stride: int) -> np.ndarray:
    """Every window that the kernel visits, as one row of k·C numbers: (B·L', k·C)."""
    size, channels = w.shape[0] * w.shape[1], w.shape[1]
    runs = sliding_window_view(padded.reshape(len(padded), padded.shape[1] * channels), size, axis=1)
    return runs[:, :: stride * channels].reshape(-1, size)
