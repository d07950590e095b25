import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def mlp_forward(x, weights, biases):
    a = x
    for b, w in zip(biases, weights):
        a = sigmoid(np.dot(a, w.T) + b)
    return a
