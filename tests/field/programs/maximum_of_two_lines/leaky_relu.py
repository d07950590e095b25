import numpy as np


def leaky_relu_forward(x, *, slope=0.01):
    return np.maximum(x, slope * x)


def leaky_relu_backward(dout, x, *, slope=0.01):
    pos_boolean = x >= 0
    deltas = slope * dout[...]
    deltas[pos_boolean] = dout[pos_boolean]
    return deltas
