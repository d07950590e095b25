import numpy as np


def relu_forward(x):
    return np.max(x, 0)


def relu_backward(dout, x):
    return dout * (x > 0).astype(float)
