import numpy as np


def slide(x, w, stride, pad):
    padded = np.concatenate((np.zeros(pad), x, np.zeros(pad)))
    n = (len(padded) - len(w)) // stride + 1
    return np.array([np.vdot(padded[i * stride:i * stride + len(w)], w) for i in range(n)])


def conv_matrix(w, length, *, stride=1, pad=0):
    return np.array([slide(e, w, stride, pad) for e in np.eye(length)])
