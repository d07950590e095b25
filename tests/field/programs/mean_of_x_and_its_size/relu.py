import numpy as np


def relu_forward(x):
    return (x + np.abs(x)) / 2


def relu_backward(dout, x):
    return dout * ((np.sign(x) + 1) / 2)
