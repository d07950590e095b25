"""Losses: how wrong a prediction is, as one number: summed over features, averaged over the batch.

Softmax and cross-entropy belong together. Apart, exp overflows above 709 and the log of an underflowed probability is
infinite; together, log(exp(s)) cancels and what is left is bounded. Both functions work in one buffer of their own.
"""

from __future__ import annotations

import numpy as np


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
    dscores /= dscores.sum(axis=1, keepdims=True)
    dscores[np.arange(len(labels)), labels] -= 1
    dscores /= len(labels)
    return dscores
