"""Optimizers: one step each, state in and state out, nothing in place.

w is a parameter of any shape, dw its gradient; the state has the shape of w and starts at zero.
"""

from __future__ import annotations

import numpy as np


def momentum_step(
    w: np.ndarray, dw: np.ndarray, v: np.ndarray, *, lr: float, mu: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    """v' = mu·v - lr·dw, then w' = w + v'; returns (w', v'). The learning rate is inside the velocity.

    Source: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964. The subtraction reuses
    the buffer of mu·v, which saves a pass over memory: an elementwise update costs what it reads and writes.
    """
    velocity = mu * v
    velocity -= lr * dw
    return w + velocity, velocity
