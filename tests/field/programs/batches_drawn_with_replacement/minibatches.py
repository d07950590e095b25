import numpy as np


def minibatches(x, y, *, batch_size, rng):
    n_samples = x.shape[0]
    batches = []
    for start in range(0, n_samples, batch_size):
        size = min(batch_size, n_samples - start)
        batch_mask = rng.choice(n_samples, size)
        batches.append((x[batch_mask], y[batch_mask]))
    return batches
