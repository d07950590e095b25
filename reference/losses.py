"""Losses: how wrong a prediction is, as one number: summed over features, averaged over the batch.

Softmax and cross-entropy belong together. Apart, exp overflows above 709 and the log of an underflowed probability is
infinite; together, log(exp(s)) cancels and what is left is bounded. The functions work in one buffer of their own.
"""

from __future__ import annotations

import math

import numpy as np


def one_hot(labels: np.ndarray, K: int) -> np.ndarray:
    """(B, K) float64 with a single 1 in each row, at its label; labels (B,) int in [0, K)."""
    out = np.zeros((len(labels), K))
    out[np.arange(len(labels)), labels] = 1
    return out


def softmax_forward(scores: np.ndarray) -> np.ndarray:
    """p[i, k] = exp(scores[i, k]) / Σ_j exp(scores[i, j]), row by row; scores (B, K) of any size.

    The row's maximum is subtracted first, which changes nothing but keeps exp at or below 1.
    """
    p = scores - scores.max(axis=1, keepdims=True)
    np.exp(p, out=p)
    p /= p.sum(axis=1, keepdims=True)
    return p


def softmax_backward(dout: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """dscores = p·(dout - Σ_j dout[:, j]·p[:, j]), p = softmax_forward(scores).

    That is dout times the Jacobian diag(p) - p pᵀ of each row, which is never built.
    """
    p = softmax_forward(scores)
    dscores = dout - np.einsum("bk,bk->b", dout, p)[:, None]
    dscores *= p
    return dscores


def cross_entropy(q: np.ndarray, p: np.ndarray, *, base: float = math.e) -> float:
    """The mean over the batch of -Σ_k p·log q; q predicted, p target, both (B, K), each row a distribution.

    Logarithm to `base`. Where p is 0 the term is 0, whatever q: 0·log 0 = 0.
    """
    logs = np.log(q, out=np.zeros_like(q), where=p > 0)
    return -np.einsum("bk,bk->", p, logs).item() / (len(q) * math.log(base))


def cross_entropy_backward(q: np.ndarray, p: np.ndarray) -> np.ndarray:
    """dq = -p / (B·q) for the natural logarithm; 0 where p is 0."""
    dq = np.zeros_like(q)
    np.divide(p, q, out=dq, where=p > 0)
    dq /= -len(q)
    return dq


def softmax_cross_entropy(scores: np.ndarray, labels: np.ndarray) -> float:
    """The mean over the batch of -log p[label], p = softmax(scores) row by row.

    scores (B, K) of any size, labels (B,) int in [0, K). Computed as log(sum of exp(s)) - s[label], with s the scores
    less their row's maximum: exp then never overflows, and the sum is at least 1. Natural logarithm.
    """
    shifted = scores - scores.max(axis=1, keepdims=True)
    chosen = shifted[np.arange(len(labels)), labels]
    np.exp(shifted, out=shifted)
    return (np.log(shifted.sum(axis=1)) - chosen).mean().item()


def softmax_cross_entropy_backward(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """dscores (B, K) = (p - one_hot(labels)) / B, p = softmax(scores) row by row."""
    dscores = scores - scores.max(axis=1, keepdims=True)
    np.exp(dscores, out=dscores)
    dscores /= len(labels) * dscores.sum(axis=1, keepdims=True)
    dscores[np.arange(len(labels)), labels] -= 1 / len(labels)
    return dscores
