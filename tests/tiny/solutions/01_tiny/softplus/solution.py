"""Softplus."""

import numpy as np


def softplus(x: np.ndarray) -> np.ndarray:
    """log(1 + exp(x)) for every entry; right for large x too."""
    # BEGIN SOLUTION
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    # END SOLUTION
