import numpy as np


def perceptron_forward(x, w, b):
    return np.array([1.0 if np.dot(e, w) + b >= 0 else 0.0 for e in x])


def perceptron_update(x, y, w, b, *, lr):
    for j in range(len(y)):
        out = 1.0 if np.dot(x[j], w) + b >= 0 else 0.0
        if out != y[j]:
            w = w + lr * y[j] * x[j]
            b = b + lr * y[j]
    return w, b
