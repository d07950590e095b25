import numpy as np


def minibatches(x, y, *, batch_size, rng):
    order = list(range(len(x)))
    for i in range(len(order)):
        j = int(rng.integers(0, len(order)))
        order[i], order[j] = order[j], order[i]
    order = np.array(order)
    return [(x[order[k:k + batch_size]], y[order[k:k + batch_size]]) for k in range(0, len(order), batch_size)]
