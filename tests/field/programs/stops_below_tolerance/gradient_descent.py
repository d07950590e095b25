import numpy as np


def gradient_descent(gradient, w, *, lr, steps):
    xs = [np.array(w, dtype=float)]
    x = xs[0]
    for _ in range(steps):
        delta = lr * gradient(x)
        if np.all(np.abs(delta) < 0.01):
            break
        x = x - delta
        xs.append(x)
    return np.array(xs)
