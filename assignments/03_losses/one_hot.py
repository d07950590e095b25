"""One-hot encoding.

A class has a number, but the number means nothing: class 2 is not twice class 1. For a loss that compares
distributions a label is written as the distribution that is certain of it: probability 1 for the true class, 0 for all
others.
"""

# Check it:  handgrad check one_hot

import numpy as np


def one_hot(labels: np.ndarray, K: int) -> np.ndarray:
    """Turn class numbers into rows with a single 1.

    labels (B,) int, each in 0 ... K - 1; K is the number of classes, whether or not all of them occur. Returns out,
    a float64 array (B, K):

        out[i, k] = 1 if labels[i] is k, else 0

    Do not change labels.

    >>> one_hot(np.array([2, 0]), 4)
    array([[0., 0., 1., 0.],
           [1., 0., 0., 0.]])
    """
    raise NotImplementedError("write one_hot")
