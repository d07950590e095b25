import numpy as np


def dropout_regression_backward(x, target, w, mask, *, strength):
    dropped = x * mask
    keep = (mask != 0).astype(float)
    dprediction = 2 * (dropped @ w - target) / len(x)
    dx = (dprediction @ w.T) * keep
    dw = dropped.T @ dprediction + 2 * strength * w
    return dx, dw
