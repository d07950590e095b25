"""Dropout and a penalty together: what students start from."""

import numpy as np


def dropout_regression_backward(
    x: np.ndarray, target: np.ndarray, w: np.ndarray, mask: np.ndarray, *, strength: float
) -> tuple[np.ndarray, np.ndarray]:
    dropped = x * mask
    dprediction = 2 * (dropped @ w - target) / len(x)
    # BUG scale_forgotten: dx = dprediction @ w.T * mask
    dx = dprediction @ w.T * (mask > 0)
    # BUG penalty_halved: dw = dropped.T @ dprediction + 2 * strength * w
    dw = dropped.T @ dprediction + strength * w
    return dx, dw
