import numpy as np


def min_max_normalize(x):
    lo = x.min(axis=0)
    hi = x.max(axis=0)
    span = np.where(hi > lo, hi - lo, 1.0)
    return x - lo / span
