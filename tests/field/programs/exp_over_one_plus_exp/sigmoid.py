import numpy as np


def sigmoid_forward(x):
    return np.exp(x) / (1 + np.exp(x))


def sigmoid_backward(dout, x):
    s = sigmoid_forward(x)
    return dout * s * (1 - s)
