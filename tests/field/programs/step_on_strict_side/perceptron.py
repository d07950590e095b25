import numpy as np


def activator(z):
    return 1.0 if z > 0 else 0.0


def perceptron_forward(x, w, b):
    return np.array([activator(np.dot(row, w) + b) for row in x])


def perceptron_update(x, y, w, b, *, lr):
    weights = [float(v) for v in w]
    bias = b
    for vec, label in zip(x, y):
        output = activator(sum(a * c for a, c in zip(vec, weights)) + bias)
        delta = label - output
        weights = [c + lr * delta * a for a, c in zip(vec, weights)]
        bias += lr * delta
    return np.array(weights), bias
