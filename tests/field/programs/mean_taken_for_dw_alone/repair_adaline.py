import numpy as np


def adaline_backward(x, y, w, b):
    error = x @ w + b - y
    dw = 2 * x.T @ error / len(x)
    db = 2 * error.sum()
    return dw, db
