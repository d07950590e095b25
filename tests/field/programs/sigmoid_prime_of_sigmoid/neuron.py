import numpy as np


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def neuron_forward(x, w, b):
    return sigmoid(np.dot(x, w) + b)


def neuron_backward(dout, x, w, b):
    a = neuron_forward(x, w, b)
    delta = dout * sigmoid_prime(a)
    dx = np.outer(delta, w)
    dw = np.dot(delta, x)
    db = delta.sum()
    return dx, dw, db
