import numpy as np


def relu_forward(x):
    out = None
    out = np.maximum(0, x)
    return out


def relu_backward(dout, x):
    dx = None
    dx = dout
    dx[x <= 0] = 0
    return dx
