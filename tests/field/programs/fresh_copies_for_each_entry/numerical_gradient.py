import numpy as np


def numerical_gradient(f, x, *, h=1e-5):
    gradient = np.empty(x.shape)
    for index in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient
