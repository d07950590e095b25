"""What the sums of normalization consist of, term by term, for those who look for the term that is missing.

Rows or images alike: everything but the last axis is averaged over. Source: Ioffe and Szegedy, "Batch normalization",
2015.
"""

from __future__ import annotations

import numpy as np

Terms = dict[str, np.ndarray]


def batchnorm_train_terms(
    output: str, x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, running_mean: np.ndarray, running_var: np.ndarray,
    *, momentum: float = 0.9, eps: float = 1e-5,
) -> Terms:  # fmt: skip
    """The terms of one of training's outputs: out, running_mean or running_var."""
    axes = tuple(range(x.ndim - 1))
    mean, var = x.mean(axis=axes), x.var(axis=axes)
    terms = {
        "out": {"the scaled xhat": gamma * (x - mean) / np.sqrt(var + eps), "beta": beta},
        "running_mean": {"the old average": momentum * running_mean, "the batch's mean": (1 - momentum) * mean},
        "running_var": {"the old average": momentum * running_var, "the batch's variance": (1 - momentum) * var},
    }
    return terms[output]


def batchnorm_dx_terms(
    dout: np.ndarray, x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, *, eps: float = 1e-5
) -> Terms:
    """The three ways from out back to x."""
    axes = tuple(range(x.ndim - 1))
    std = np.sqrt(x.var(axis=axes) + eps)
    xhat = (x - x.mean(axis=axes)) / std
    return {
        "the direct way": gamma / std * dout,
        "the way through the mean": -gamma / std * dout.mean(axis=axes),
        "the way through the variance": -gamma / std * xhat * (dout * xhat).mean(axis=axes),
    }
