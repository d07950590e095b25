"""Tied autoencoder: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("tied_autoencoder_backward")
def example_by_example(dout, x, w):
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i in range(len(x)):
        for m in range(w.shape[1]):
            h = np.tanh(sum(x[i] * w[:, m]))
            ds = sum(dout[i] * w[:, m]) * (1 - h * h)
            for d in range(w.shape[0]):
                dx[i, d] += ds * w[d, m]
                dw[d, m] += ds * x[i, d] + dout[i, d] * h
    return dx, dw


@alternative("tied_autoencoder_backward")
def slope_by_cosh(dout, x, w):
    s = np.einsum("bd,dm->bm", x, w)
    ds = np.einsum("bd,dm->bm", dout, w) / np.cosh(s) ** 2
    return np.einsum("bm,dm->bd", ds, w), np.einsum("bd,bm->dm", x, ds) + np.einsum("bd,bm->dm", dout, np.tanh(s))


@alternative("tied_autoencoder_backward")
def untied_and_added(dout, x, w):
    encoder, decoder = w, w.T
    h = np.tanh(np.matmul(x, encoder))
    ddecoder = np.matmul(h.T, dout)
    back = np.matmul(dout, decoder.T) * (1 + h) * (1 - h)
    return np.matmul(back, encoder.T), np.matmul(x.T, back) + ddecoder.T
