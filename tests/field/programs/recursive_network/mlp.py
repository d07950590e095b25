import numpy as np


def logistic(z):
    out = np.empty_like(z)
    pos = z >= 0
    out[pos] = 1.0 / (1.0 + np.exp(-z[pos]))
    ez = np.exp(z[~pos])
    out[~pos] = ez / (1.0 + ez)
    return out


def mlp_forward(x, weights, biases):
    if len(weights) == 0:
        return x
    first = logistic(np.dot(x, weights[0]) + biases[0])
    return mlp_forward(first, weights[1:], biases[1:])
