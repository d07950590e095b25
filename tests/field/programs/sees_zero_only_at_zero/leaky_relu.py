import numpy as np


def leaky_relu_forward(x, *, slope=0.01):
    a = np.maximum(x, 0)
    a = a + slope * np.minimum(x, 0)
    return a


def leaky_relu_backward(dout, x, *, slope=0.01):
    dx = dout.copy()
    dx[x == 0] = slope * dx[x == 0]
    return dx
