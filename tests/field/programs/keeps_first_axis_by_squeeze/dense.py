import numpy as np


def dense_forward(x, w, b):
    inputs = x.reshape(x.shape[0], -1)
    return np.squeeze(inputs @ w + b)


def dense_backward(dout, x, w, b):
    inputs = x.reshape(x.shape[0], -1)
    dx = np.squeeze((dout @ w.T).reshape(x.shape))
    dw = inputs.T @ dout
    db = dout.sum(0)
    return dx, dw, db
