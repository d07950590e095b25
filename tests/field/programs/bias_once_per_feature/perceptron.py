import numpy as np


def perceptron_forward(x, w, b):
    z = x.dot(w) + b
    return np.where(z >= 0, 1.0, 0.0)


def perceptron_update(x, y, w, b, *, lr):
    w = w.copy()
    n_samples, n_features = x.shape
    for i in range(n_samples):
        pred = 1 if np.dot(x[i], w) + b >= 0 else 0
        err = y[i] - pred
        for j in range(n_features):
            w[j] = w[j] + lr * err * x[i][j]
            b = b + lr * err
    return w, b
