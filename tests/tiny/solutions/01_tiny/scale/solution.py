"""Scale every column."""

import numpy as np


def scale_forward(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """out[i, j] = x[i, j] * w[j]; x (B, D), w (D,)."""
    # BEGIN SOLUTION
    return x * w
    # END SOLUTION


def scale_backward(dout: np.ndarray, x: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """dx (B, D) and dw (D,)."""
    # BEGIN SOLUTION
    dx = dout * w
    dw = np.sum(dout * x, axis=0)
    return dx, dw
    # END SOLUTION
