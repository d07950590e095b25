import numpy as np


def sigmoid(s):
    return 1 / (1 + np.exp(-s))


def mlp_backward(dout, x, weights, biases):
    h = [x]
    for w, b in zip(weights, biases):
        h.append(sigmoid(np.dot(h[-1], w) + b))
    dweights = [0] * len(weights)
    dbiases = [0] * len(weights)
    errors = dout
    for l in reversed(range(len(weights))):
        delta = errors * h[l + 1] * (1 - h[l + 1])
        dweights[l] = np.dot(h[l].T, delta)
        dbiases[l] = np.sum(delta, axis=0)
        errors = np.dot(errors, weights[l].T)
    return errors, dweights, dbiases
