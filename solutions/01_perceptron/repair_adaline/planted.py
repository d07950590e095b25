"""Adaline: what students start from."""

import numpy as np


def adaline_backward(x: np.ndarray, y: np.ndarray, w: np.ndarray, b: float) -> tuple[np.ndarray, float]:
    # BUG bias_left_out: error = x @ w + b - y
    error = x @ w - y
    dw = 2 * x.T @ error / len(x)
    # BUG db_summed: db = 2 * error.mean()
    db = 2 * error.sum()
    return dw, db
