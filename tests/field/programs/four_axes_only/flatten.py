import numpy as np


def flatten_forward(x):
    b = x.shape[0]
    h = x.shape[1]
    w = x.shape[2]
    c = x.shape[3]
    return np.reshape(x, (b, h * w * c))


def flatten_backward(dout, x):
    return np.reshape(dout, (x.shape[0], x.shape[1], x.shape[2], x.shape[3]))
