import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def mlp_backward(dout, x, weights, biases):
    hs = [x]
    for w, b in zip(weights, biases):
        hs.append(sigmoid(hs[-1] @ w + b))
    dWs, dbs = [None] * len(weights), [None] * len(weights)
    derivative = dout
    for i in range(len(weights) - 1, -1, -1):
        derivative *= hs[i + 1] * (1 - hs[i + 1])
        dWs[i] = hs[i].T @ derivative
        dbs[i] = derivative.sum(axis=0)
        derivative = derivative @ weights[i].T
    return derivative, dWs, dbs
