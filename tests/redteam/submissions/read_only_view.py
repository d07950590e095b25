"""Right, as a view that cannot be written into."""

import numpy as np


def scale_forward(x, w):
    return np.broadcast_to(x * w, (1, *x.shape))[0]
