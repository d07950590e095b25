"""Return an array without entries and with an axis of 2**40, whose sums would take terabytes."""

import numpy as np


def scale_forward(x, w):
    return np.zeros((0, 1 << 40))
