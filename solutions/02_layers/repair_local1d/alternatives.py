"""Locally connected layer: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("local1d_backward")
def number_by_number(dout, x, w, *, stride=1):
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for p, i, c, n in np.ndindex(w.shape):
        for b in range(len(x)):
            dx[b, p * stride + i, c] += w[p, i, c, n] * dout[b, p, n]
            dw[p, i, c, n] += x[b, p * stride + i, c] * dout[b, p, n]
    return dx, dw


@alternative("local1d_backward")
def tap_by_tap(dout, x, w, *, stride=1):
    places, k = w.shape[:2]
    dx, dw = np.zeros_like(x), np.empty_like(w)
    for i in range(k):
        seen = slice(i, i + stride * (places - 1) + 1, stride)
        dx[:, seen] += np.einsum("bpn,pcn->bpc", dout, w[:, i])
        dw[:, i] = np.einsum("bpc,bpn->pcn", x[:, seen], dout)
    return dx, dw


@alternative("local1d_backward")
def as_matrices(dout, x, w, *, stride=1):
    rows = x.reshape(len(x), -1)
    dx, dw = np.zeros_like(rows), np.zeros_like(w)
    channels, size = x.shape[2], w.shape[1] * x.shape[2]
    for p, kernel in enumerate(w):
        first = p * stride * channels
        dx[:, first : first + size] += dout[:, p] @ kernel.reshape(size, -1).T
        dw[p] = (rows[:, first : first + size].T @ dout[:, p]).reshape(kernel.shape)
    return dx.reshape(x.shape), dw
