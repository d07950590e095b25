import numpy as np


def tanh_forward(x):
    a = np.exp(x)
    b = np.exp(-x)
    return (a - b) / (a + b)


def tanh_backward(dout, x):
    c = np.exp(x) + np.exp(-x)
    dX = 4.0 / np.multiply(c, c)
    return dX
