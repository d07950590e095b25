"""Return an array in which every entry is masked."""

import numpy as np


def scale_forward(x, w):
    return np.ma.masked_all(x.shape)
