import numpy as np


def softmax_forward(scores):
    logC = -np.max(scores)
    return np.exp(scores + logC) / np.sum(np.exp(scores + logC), axis=0)


def softmax_backward(dout, scores):
    p = softmax_forward(scores)
    return p * (dout - (dout * p).sum(axis=0))
