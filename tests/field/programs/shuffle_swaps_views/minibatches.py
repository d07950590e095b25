import numpy as np


def shuffle(a, b, rng):
    for i in reversed(range(1, len(a))):
        j = int(rng.random() * (i + 1))
        a[i], a[j] = a[j], a[i]
        b[i], b[j] = b[j], b[i]


def minibatches(x, y, *, batch_size, rng):
    training_x, training_y = x.copy(), y.copy()
    n = len(training_x)
    shuffle(training_x, training_y, rng)
    return [(training_x[k:k + batch_size], training_y[k:k + batch_size])
            for k in range(0, n, batch_size)]
