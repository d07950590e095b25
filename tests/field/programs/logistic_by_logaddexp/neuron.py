import numpy as np


def log_sigmoid(s):
    return -np.logaddexp(0, -s)


def neuron_forward(x, w, b):
    return np.exp(log_sigmoid(np.einsum('ij,j->i', x, w) + b))


def neuron_backward(dout, x, w, b):
    s = np.einsum('ij,j->i', x, w) + b
    slope = np.exp(log_sigmoid(s) + log_sigmoid(-s))
    ds = dout * slope
    return np.einsum('i,j->ij', ds, w), np.einsum('i,ij->j', ds, x), float(np.sum(ds))
