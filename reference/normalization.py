"""Normalizations: bring numbers of any size to one scale, column by column.

The first four prepare data. Batch normalization is a layer: the z-score of each feature over the batch, then a scale
gamma and a shift beta that are learned; averages of the statistics are kept for inference, when there is no batch.
Images are batches with more rows: (B, H, W, C) is read as (B·H·W, C), one statistic per channel.

A pass over memory is what costs here, so each function makes one array and works in it; `einsum` sums the products of
two arrays without storing them. With few channels, rows are handled several at once: see `_side_by_side`.
"""

from __future__ import annotations

import math

import numpy as np


def min_max_normalize(x: np.ndarray) -> np.ndarray:
    """(x - min) / (max - min) of each column of x (B, D); 0 where a column is constant."""
    low = x.min(axis=0)
    out = x - low
    out /= _or_one(x.max(axis=0) - low)
    return out


def log_normalize(x: np.ndarray) -> np.ndarray:
    """log(x) / log(max) of each column of x (B, D), all x >= 1 and each column's maximum above 1. Any base."""
    out = np.log(x)
    out /= np.log(x.max(axis=0))
    return out


def arctan_normalize(x: np.ndarray) -> np.ndarray:
    """arctan(x)·2/π for every entry of x, any shape: from the whole line to (-1, 1)."""
    out = np.arctan(x)
    out *= 2 / np.pi
    return out


def z_score(x: np.ndarray) -> np.ndarray:
    """(x - mean) / std of each column of x (B, D), std with divisor B; 0 where a column is constant.

    The first row is subtracted before anything else: rounding then cannot leave a constant column a tiny spread. Where
    a variance underflows or overflows, the columns are scaled to at most 1 first.
    """
    shifted = x - x[0]
    centered, _, var = _moments(shifted)
    if not np.finfo(var.dtype).tiny < var.min() <= var.max() < np.inf:
        centered, _, var = _moments(shifted / _or_one(np.abs(shifted).max(axis=0)))
    centered /= _or_one(np.sqrt(var))
    return centered


def batchnorm_forward(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, *, eps: float = 1e-5) -> np.ndarray:
    """out = gamma·(x - mean) / sqrt(var + eps) + beta with this batch's mean and biased variance; x, out (B, D).

    It is what batchnorm_backward differentiates. Source: Ioffe and Szegedy, "Batch normalization", 2015.
    """
    centered, _, var = _moments(x)
    return _scaled(centered, gamma, beta, var + eps)


def batchnorm_train(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    *,
    momentum: float = 0.9,
    eps: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(out, running_mean, running_var): batchnorm_forward, and new = momentum·old + (1 - momentum)·this batch's.

    x (B, D), all others (D,). The variance is the biased one in both places.
    """
    centered, mean, var = _moments(x)
    out = _scaled(centered, gamma, beta, var + eps)
    return out, momentum * running_mean + (1 - momentum) * mean, momentum * running_var + (1 - momentum) * var


def batchnorm_infer(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    *,
    eps: float = 1e-5,
) -> np.ndarray:
    """gamma·(x - running_mean) / sqrt(running_var + eps) + beta: each row by itself. x (B, D), all others (D,)."""
    return _scaled(_centered(x, running_mean), gamma, beta, running_var + eps)


def batchnorm_backward(
    dout: np.ndarray, x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, *, eps: float = 1e-5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(dx, dgamma, dbeta), shaped as x, gamma and beta. With xhat the normalized x and sums over the batch:

    dbeta = Σ dout, dgamma = Σ dout·xhat, dx = gamma/sqrt(var + eps)·(dout - dbeta/B - xhat·dgamma/B): what mean and
    variance send back is that dx keeps no part along the ones and none along xhat. The moments are taken again, for
    nothing is kept from the forward pass.
    """
    centered, _, var = _moments(x)
    scale = 1 / np.sqrt(var + eps)
    dbeta = np.einsum("bd->d", dout)
    dgamma = np.einsum("bd,bd->d", dout, centered) * scale
    dx, along, mean, slope = _side_by_side(centered, -scale * dgamma / len(x), dbeta / len(x), gamma * scale)
    dx *= along
    dx += dout.reshape(dx.shape)
    dx -= mean
    dx *= slope
    return centered, dgamma, dbeta


def batchnorm2d_forward(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, *, eps: float = 1e-5) -> np.ndarray:
    """batchnorm_forward of the pixels: x, out (B, H, W, C), gamma and beta (C,)."""
    return batchnorm_forward(_pixels(x), gamma, beta, eps=eps).reshape(x.shape)


def batchnorm2d_train(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    *,
    momentum: float = 0.9,
    eps: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """batchnorm_train of the pixels: x, out (B, H, W, C), all others (C,)."""
    out, *running = batchnorm_train(_pixels(x), gamma, beta, running_mean, running_var, momentum=momentum, eps=eps)
    return out.reshape(x.shape), running[0], running[1]


def batchnorm2d_infer(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    *,
    eps: float = 1e-5,
) -> np.ndarray:
    """batchnorm_infer of the pixels: x, out (B, H, W, C), all others (C,)."""
    return batchnorm_infer(_pixels(x), gamma, beta, running_mean, running_var, eps=eps).reshape(x.shape)


def batchnorm2d_backward(
    dout: np.ndarray, x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, *, eps: float = 1e-5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """batchnorm_backward of the pixels: dout, x, dx (B, H, W, C), all others (C,)."""
    dx, dgamma, dbeta = batchnorm_backward(_pixels(dout), _pixels(x), gamma, beta, eps=eps)
    return dx.reshape(x.shape), dgamma, dbeta


def _moments(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x less its mean as a new array, the mean, and the biased variance, of each column."""
    mean = np.einsum("bd->d", x) / len(x)
    centered = _centered(x, mean)
    return centered, mean, np.einsum("bd,bd->d", centered, centered) / len(x)


def _centered(x: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """x - mean, always in C order."""
    wide, means = _side_by_side(x, mean)
    return np.subtract(wide, means, order="C").reshape(x.shape)


def _scaled(centered: np.ndarray, gamma: np.ndarray, beta: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """gamma·centered / sqrt(spread) + beta, written into `centered`, which is in C order."""
    wide, slope, shift = _side_by_side(centered, gamma / np.sqrt(spread), beta)
    wide *= slope
    wide += shift
    return centered


def _side_by_side(x: np.ndarray, *rows: np.ndarray) -> tuple[np.ndarray, ...]:
    """x (B, D) with several of its rows in one, in C order a view of it, and each of `rows` (D,) as often repeated.

    NumPy goes through the entries of one row at a time, and 32 numbers are done before a row has properly begun: 512
    at a time take half as long.
    """
    count = math.gcd(len(x), max(1, 512 // x.shape[1]))
    return x.reshape(-1, count * x.shape[1]), *(np.tile(row, count) for row in rows)


def _or_one(spread: np.ndarray) -> np.ndarray:
    """The divisor of a column; 1 where its entries are all equal, whose numerators are 0."""
    return np.where(spread == 0, 1, spread)


def _pixels(x: np.ndarray) -> np.ndarray:
    """One row of channels per pixel, whatever the memory order of x."""
    return x.reshape(-1, x.shape[-1])
