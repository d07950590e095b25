"""Right in half the precision."""

import numpy as np


def scale_forward(x, w):
    return (x * w).astype(np.float32)
