import numpy as np


def fire(z):
    if z >= 0:
        return 1
    else:
        return 0


def perceptron_forward(x, w, b):
    out = []
    for i in range(len(x)):
        out.append(float(fire(sum(x[i] * w) + b)))
    return np.array(out)


def perceptron_update(x, y, w, b, *, lr):
    w = np.array(w)

    def diff(i):
        return y[i] - fire(np.sum(w * x[i]) + b)

    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            w[j] += lr * diff(i) * x[i, j]
        b = b + lr * diff(i)
    return w, b
