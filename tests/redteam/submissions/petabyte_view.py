"""Return an exabyte that costs nothing to make."""

import numpy as np


def scale_forward(x, w):
    return np.broadcast_to(0.0, (1 << 57,))
