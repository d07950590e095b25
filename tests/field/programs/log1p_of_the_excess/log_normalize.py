import numpy as np


def log_normalize(x):
    z = np.log1p(x - 1.0)
    return z / np.max(z, axis=0)
