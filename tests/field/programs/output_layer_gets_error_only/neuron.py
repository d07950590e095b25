import numpy as np


def sig(v):
    e = np.exp(-np.abs(v))
    return np.where(v >= 0, 1 / (1 + e), e / (1 + e))


def neuron_forward(x, w, b):
    return sig(x @ w + b)


def neuron_backward(dout, x, w, b):
    y0 = sig(x @ w + b)
    dey0 = dout
    # weights of the output neuron
    dW = (dey0[:, None] * x).sum(axis=0)
    dB = dey0.sum()
    # back to the inputs
    dX = (dey0 * y0 * (1 - y0))[:, None] * w[None, :]
    return dX, dW, dB
