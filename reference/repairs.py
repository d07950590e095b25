"""What the exercises with planted bugs compute: seven functions that no other exercise asks for, and their forwards.

Each stands for what goes wrong in its unit: a forgotten term, overlapping windows, a copied line, a state kept in the
wrong form, a weight that is used twice, a scale, a batch that is too short.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def adaline_loss(x: np.ndarray, y: np.ndarray, w: np.ndarray, b: float) -> float:
    """Mean squared error of one linear neuron. x (B, D), y (B,), w (D,). Source: Widrow and Hoff, 1960."""
    gap = _gap(x, y, w, b)
    return np.dot(gap, gap).item() / gap.size


def adaline_backward(x: np.ndarray, y: np.ndarray, w: np.ndarray, b: float) -> tuple[np.ndarray, float]:
    """(dw (D,), db) of adaline_loss."""
    gap = _gap(x, y, w, b)
    gap *= 2 / gap.size
    return np.einsum("i,id->d", gap, x), gap.sum().item()


def _gap(x: np.ndarray, y: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    return np.add(np.dot(x, w), b - y)


def local1d_forward(x: np.ndarray, w: np.ndarray, *, stride: int = 1) -> np.ndarray:
    """A convolution whose kernels are not shared: x (B, L, C), w (P, k, C, N) with P = (L - k) // stride + 1 → (B, P,
    N)."""
    return np.einsum("bpck,pkcn->bpn", _windows(x, w, stride), w)


def local1d_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, *, stride: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """(dx, dw), shaped as x and w, for dout (B, P, N)."""
    dx = np.zeros_like(x)
    at = np.arange(w.shape[0])[:, None] * stride + np.arange(w.shape[1])
    np.add.at(dx.swapaxes(0, 1), at, np.einsum("bpn,pkcn->pkbc", dout, w))
    return dx, np.einsum("bpck,bpn->pkcn", _windows(x, w, stride), dout)


def _windows(x: np.ndarray, w: np.ndarray, stride: int) -> np.ndarray:
    """(B, P, C, k)."""
    return sliding_window_view(x, w.shape[1], axis=1)[:, ::stride]


def cosine_loss(prediction: np.ndarray, target: np.ndarray) -> float:
    """1 less the cosine of the angle between two rows, mean over the batch. Both (B, D), no row 0."""
    (_, a), (_, b) = _directions(prediction), _directions(target)
    return 1 - np.einsum("bd,bd->b", a, b).mean().item()


def cosine_loss_backward(prediction: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(dprediction, dtarget), both (B, D)."""
    (m, a), (n, b) = _directions(prediction), _directions(target)
    along = np.einsum("bd,bd->b", a, b)[:, None]
    return (a * along - b) / (m * len(m)), (b * along - a) / (n * len(n))


def _directions(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lengths (B, 1) and rows of length 1."""
    lengths = np.sqrt(np.einsum("bd,bd->b", rows, rows))[:, None]
    return lengths, rows / lengths


def corrected_momentum_step(
    w: np.ndarray, dw: np.ndarray, m: np.ndarray, *, lr: float, t: int, mu: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    """(w, m) after step t = 1, 2, …: an average of gradients that starts at 0, freed of that start. Any shape.

    Source: Kingma and Ba, "Adam", 2015, section 3, without the second moment.
    """
    kept = mu * m + (1 - mu) * dw
    return w - kept * (lr / -math.expm1(t * math.log(mu)) if mu else lr), kept


def tied_autoencoder_forward(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """x (B, D) to M hidden numbers and back through the same w (D, M)."""
    return np.dot(np.tanh(np.dot(x, w)), w.T)


def tied_autoencoder_backward(dout: np.ndarray, x: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(dx, dw), shaped as x and w, for dout (B, D)."""
    code = np.tanh(np.dot(x, w))
    inner = np.dot(dout, w)
    inner -= np.square(code) * inner
    return np.dot(inner, w.T), np.einsum("bd,bm->dm", x, inner) + np.einsum("bd,bm->dm", dout, code)


def dropout_regression_loss(
    x: np.ndarray, target: np.ndarray, w: np.ndarray, mask: np.ndarray, *, strength: float
) -> float:
    """Mean squared error of (x·mask) @ w and an L2 penalty. x, mask (B, D), target (B, M), w (D, M)."""
    miss = np.dot(mask * x, w) - target
    return np.square(miss).sum().item() / len(miss) + strength * np.square(w).sum().item()


def dropout_regression_backward(
    x: np.ndarray, target: np.ndarray, w: np.ndarray, mask: np.ndarray, *, strength: float
) -> tuple[np.ndarray, np.ndarray]:
    """(dx, dw), shaped as x and w."""
    alive = np.multiply(mask, x)
    miss = np.dot(alive, w) - target
    miss *= 2 / len(miss)
    return np.multiply(mask, np.einsum("bm,dm->bd", miss, w)), np.einsum("bd,bm->dm", alive, miss) + 2 * strength * w


def fit_line(
    x: np.ndarray, y: np.ndarray, w: np.ndarray, *, lr: float, batch_size: int, epochs: int
) -> tuple[np.ndarray, np.ndarray]:
    """(w (D,), history (epochs,)) of gradient descent on the mean squared error of x (B, D) @ w and y (B,), in batches
    as the rows come; history is each epoch's mean loss over the rows, before the step that they caused."""
    edges = range(0, len(y), batch_size)
    squares = np.empty((epochs, len(y)), x.dtype)
    for epoch in squares:
        for rows in (slice(edge, edge + batch_size) for edge in edges):
            miss = np.dot(x[rows], w) - y[rows]
            np.square(miss, out=epoch[rows])
            w = w - (2 * lr / miss.size) * np.dot(miss, x[rows])
    return w, squares.mean(axis=1)
