import numpy as np


def dense_forward(x, w, b):
    X = np.reshape(x, (len(x), -1))
    return np.dot(X, w) + b


def dense_backward(dout, x, w, b):
    X = np.reshape(x, (len(x), -1))
    dw = np.dot(X.T, dout)
    db = np.sum(dout)
    dx = np.dot(dout, w.T).reshape(x.shape)
    return dx, dw, db
