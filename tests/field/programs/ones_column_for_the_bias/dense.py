import numpy as np


def augment(x):
    A = x.reshape(len(x), -1)
    return np.hstack([A, np.ones((len(x), 1))])


def dense_forward(x, w, b):
    return augment(x) @ np.vstack([w, b])


def dense_backward(dout, x, w, b):
    full = augment(x).T @ dout
    dx = (dout @ w.T).reshape(x.shape)
    return dx, full[:-1], full[-1]
