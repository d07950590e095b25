import numpy as np


def sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, e) / (1.0 + e)


def tanh_forward(x):
    return 2 * sigmoid(2 * x) - 1


def tanh_backward(dout, x):
    s = sigmoid(2 * x)
    return 4 * s * (1 - s) * dout
