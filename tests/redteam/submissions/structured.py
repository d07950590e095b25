"""Right numbers in an array of records."""

import numpy as np


def scale_forward(x, w):
    return np.ascontiguousarray(x * w).view([("a", "f8")])
