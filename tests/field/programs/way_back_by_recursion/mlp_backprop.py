import numpy as np


def sigmoid(s):
    t = np.exp(-np.abs(s))
    return np.where(s >= 0, 1.0, t) / (1.0 + t)


def _back(dout, h, weights, biases):
    if not weights:
        return dout, [], []
    a = sigmoid(h @ weights[0] + biases[0])
    da, dws, dbs = _back(dout, a, weights[1:], biases[1:])
    ds = da * a * (1 - a)
    return ds @ weights[0].T, [h.T @ ds] + dws, [ds.sum(axis=0)] + dbs


def mlp_backward(dout, x, weights, biases):
    return _back(dout, x, list(weights), list(biases))
