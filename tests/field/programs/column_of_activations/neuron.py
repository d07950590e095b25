import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def neuron_forward(x, w, b):
    return sigmoid(np.dot(x, w.reshape(-1, 1)) + b)


def neuron_backward(dout, x, w, b):
    a = neuron_forward(x, w, b)
    delta = dout * a * (1 - a)
    dx = np.dot(delta, np.ones((len(x), 1))) * w
    dw = np.dot(x.T, delta).sum(axis=1)
    db = delta.sum()
    return dx, dw, float(db)
