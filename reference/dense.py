"""The dense (fully connected) layer: one matrix product forward, two backward; and flatten, which leads to it.

`@` on float64 matrices is the machine's own matrix product (BLAS); everything else here costs next to nothing.
"""

from __future__ import annotations

import math

import numpy as np


def dense_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """out = x @ w + b. x (B, D), or (B, ...) whose entries are flattened to D; w (D, M), b (M,); out (B, M)."""
    out = _rows(x) @ w
    out += b
    return out


def dense_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients (dx, dw, db) shaped as x, w and b, from dout (B, M).

    dx = dout @ wᵀ, dw = xᵀ @ dout, db = the column sums of dout. Transposing makes no copy: BLAS reads it backwards.
    """
    return (dout @ w.T).reshape(x.shape), _rows(x).T @ dout, dout.sum(axis=0)


def flatten_forward(x: np.ndarray) -> np.ndarray:
    """(B, ...) → (B, D): one row per example, last axis fastest, whatever the memory order of x. Always a copy."""
    return np.array(_rows(x))


def flatten_backward(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    """dx shaped as x: the same numbers as dout (B, D), put back. Always a copy."""
    return np.array(dout.reshape(x.shape))


def _rows(x: np.ndarray) -> np.ndarray:
    """One row of features per example, last axis fastest, whatever the memory order of x."""
    return x.reshape(len(x), math.prod(x.shape[1:]))
