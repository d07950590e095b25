"""Right in more precision than was asked for."""

import numpy as np


def scale_forward(x, w):
    return (x * w).astype(np.longdouble)
