import numpy as np


def unit_step(z):
    return np.heaviside(z, 1.0)


def perceptron_forward(x, w, b):
    return unit_step(x @ w + b)


def perceptron_update(x, y, w, b, *, lr):
    w, b = w.copy(), float(b)
    for xi, yi in zip(x, y):
        step = lr * (yi - unit_step(xi @ w + b))
        w += step * xi
        b += step
    return w, float(b)
