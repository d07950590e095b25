import numpy as np


def minibatches(x, y, *, batch_size, rng):
    keys = rng.random(len(x))
    order = np.argsort(keys)
    cuts = range(batch_size, len(x), batch_size)
    return list(zip(np.split(x[order], cuts), np.split(y[order], cuts)))
