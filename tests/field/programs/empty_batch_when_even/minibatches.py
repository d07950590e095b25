import numpy as np


def minibatches(x, y, *, batch_size, rng):
    m = x.shape[0]
    permutation = list(rng.permutation(m))
    shuffled_X = x[permutation]
    shuffled_Y = y[permutation]
    mini_batches = []
    num_complete = m // batch_size
    for k in range(num_complete):
        mini_batches.append((shuffled_X[k * batch_size:(k + 1) * batch_size],
                             shuffled_Y[k * batch_size:(k + 1) * batch_size]))
    mini_batches.append((shuffled_X[num_complete * batch_size:], shuffled_Y[num_complete * batch_size:]))
    return mini_batches
