import numpy as np


def batch_iterator(samples, targets, size, rng):
    indices = np.arange(samples.shape[0])
    rng.shuffle(indices)
    for start_idx in range(0, samples.shape[0], size):
        excerpt = indices[start_idx:min(start_idx + size, samples.shape[0])]
        yield samples[excerpt], targets[excerpt]


def minibatches(x, y, *, batch_size, rng):
    return list(batch_iterator(x, y, batch_size, rng))
