import numpy as np


def numerical_gradient(f, x, *, h=1e-5):
    grad = np.zeros_like(x, dtype=float)
    for idx in np.ndindex(x.shape):
        x[idx] += h
        error1 = f(x)
        x[idx] -= 2 * h
        error2 = f(x)
        grad[idx] = (error2 - error1) / (2 * h)
    return grad
