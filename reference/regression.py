"""Losses of regression: functions of the difference d = prediction - target, entry by entry.

Each is summed over the features and averaged over the batch, which is axis 0; prediction and target have the same
shape (B, ...). The gradient is that of d, divided by B.
"""

from __future__ import annotations

import numpy as np


def l1_loss(prediction: np.ndarray, target: np.ndarray) -> float:
    """Σ|d| / B: least absolute deviations."""
    return _distance(prediction, target).sum().item() / len(prediction)


def l1_loss_backward(prediction: np.ndarray, target: np.ndarray) -> np.ndarray:
    """dprediction = sign(d) / B; at exactly d = 0 we choose the subgradient 0."""
    d = prediction - target
    dprediction = np.sign(d, out=d)
    dprediction /= len(d)
    return dprediction


def l2_loss(prediction: np.ndarray, target: np.ndarray) -> float:
    """Σd² / B, without the ½: least squares. A dot product squares and sums in one pass."""
    d = (prediction - target).ravel(order="K")
    return np.dot(d, d).item() / len(prediction)


def l2_loss_backward(prediction: np.ndarray, target: np.ndarray) -> np.ndarray:
    """dprediction = 2·d / B."""
    dprediction = prediction - target
    dprediction *= 2 / len(dprediction)
    return dprediction


def smooth_l1_loss(prediction: np.ndarray, target: np.ndarray) -> float:
    """Σ(½d² where |d| < 1, else |d| - ½) / B: Huber's loss with delta 1. Source: Girshick, "Fast R-CNN", 2015."""
    return huber_loss(prediction, target, delta=1.0)


def smooth_l1_loss_backward(prediction: np.ndarray, target: np.ndarray) -> np.ndarray:
    """dprediction = (d where |d| < 1, else sign(d)) / B."""
    return huber_loss_backward(prediction, target, delta=1.0)


def huber_loss(prediction: np.ndarray, target: np.ndarray, *, delta: float = 1.0) -> float:
    """Σ(½d² where |d| < delta, else delta·(|d| - ½·delta)) / B. Source: Huber, "Robust estimation", 1964.

    Both branches are near·(|d| - ½·near) with near = min(|d|, delta), which needs no mask.
    """
    distance = _distance(prediction, target)
    near = np.minimum(distance, delta)
    distance -= 0.5 * near
    return np.dot(near.ravel(order="K"), distance.ravel(order="K")).item() / len(distance)


def huber_loss_backward(prediction: np.ndarray, target: np.ndarray, *, delta: float = 1.0) -> np.ndarray:
    """dprediction = (d where |d| < delta, else delta·sign(d)) / B: the difference, clipped to ±delta."""
    d = prediction - target
    dprediction = np.clip(d, -delta, delta, out=d)
    dprediction /= len(d)
    return dprediction


def _distance(prediction: np.ndarray, target: np.ndarray) -> np.ndarray:
    """|d| as d·sign(d): unlike numpy's abs it is differentiable for complex d, which tests step into."""
    d = prediction - target
    d *= np.sign(d.real)
    return d
