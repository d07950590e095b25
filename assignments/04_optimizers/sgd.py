"""One step of stochastic gradient descent.

The gradient points to where the loss grows fastest, so a small step against it makes the loss smaller. Batch,
mini-batch and stochastic gradient descent all make this same step; they differ only in how many examples the gradient
was averaged over.
"""

# Check it:  handgrad check sgd

import numpy as np


def sgd_step(w: np.ndarray, dw: np.ndarray, *, lr: float) -> np.ndarray:
    """Make one step of gradient descent.

    w is the parameter and dw its gradient, of the same (any) shape; lr is the learning rate. Returns the new w, a new
    array (w and dw stay as they are):

        w = w - lr * dw

    The loss has averaged over the examples already, so nothing is divided here.

    >>> sgd_step(np.array([1.0, -2.0]), np.array([2.0, -4.0]), lr=0.25)
    array([ 0.5, -1. ])
    """
    raise NotImplementedError("write sgd_step")
