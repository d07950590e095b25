import numpy as np


def min_max_normalize(x):
    out = np.zeros(x.shape)
    for j, column in enumerate(x.T):
        low, high = column.min(), column.max()
        if low < high:
            out[:, j] = np.interp(column, (low, high), (0.0, 1.0))
    return out
