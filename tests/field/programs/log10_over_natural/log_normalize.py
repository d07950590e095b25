import numpy as np


def log_normalize(x):
    top = x.max(axis=0)
    return np.log10(x) / np.log(top)
