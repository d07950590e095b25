import numpy as np


def numerical_gradient(f, x, *, h=1e-5):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        plus = np.array(x, dtype=np.float32)
        minus = np.array(x, dtype=np.float32)
        plus[i] += h
        minus[i] -= h
        grad[i] = (f(plus) - f(minus)) / (2 * h)
    return grad
