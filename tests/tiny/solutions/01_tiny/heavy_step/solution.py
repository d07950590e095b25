"""The heavy ball."""

import numpy as np


def heavy_step(
    w: np.ndarray, dw: np.ndarray, v: np.ndarray, *, lr: float, mu: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    """v' = mu·v - lr·dw, w' = w + v'. Returns w' and v'."""
    # BEGIN SOLUTION
    v = mu * v - lr * dw
    return w + v, v
    # END SOLUTION
