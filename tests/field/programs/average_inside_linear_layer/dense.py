import numpy as np


def dense_forward(x, w, b):
    flat = x.reshape(x.shape[0], -1)
    return np.einsum('ij,jk->ik', flat, w) + b


def dense_backward(dout, x, w, b):
    n = dout.shape[0]
    flat = x.reshape(n, -1)
    dw = np.average(np.einsum('ij,ik->ijk', flat, dout), axis=0)
    db = np.average(dout, axis=0)
    dx = np.einsum('jk,ik->ij', w, dout)
    return dx.reshape(x.shape), dw, db
