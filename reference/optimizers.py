"""Optimizers: one step each, state in and state out, nothing in place.

w is a parameter of any shape, dw its gradient; the state has the shape of w and starts at zero. An elementwise update
costs what it reads and writes, and new memory most of all, so each works in as few new arrays as it can. A framework
that overwrites w and the state needs none, and is two to three times as fast.
"""

from __future__ import annotations

import numpy as np


def sgd_step(w: np.ndarray, dw: np.ndarray, *, lr: float) -> np.ndarray:
    """w' = w - lr·dw. Source: Robbins and Monro, "A stochastic approximation method", 1951."""
    step = -lr * dw
    step += w
    return step


def momentum_step(
    w: np.ndarray, dw: np.ndarray, v: np.ndarray, *, lr: float, mu: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    """v' = mu·v - lr·dw, then w' = w + v'; returns (w', v'). The learning rate is inside the velocity.

    Source: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964. The subtraction reuses
    the buffer of mu·v, which saves a pass over memory.
    """
    velocity = mu * v
    velocity -= lr * dw
    return w + velocity, velocity


def adagrad_step(
    w: np.ndarray, dw: np.ndarray, cache: np.ndarray, *, lr: float, eps: float = 1e-8
) -> tuple[np.ndarray, np.ndarray]:
    """cache' = cache + dw², then w' = w - lr·dw / (√cache' + eps); returns (w', cache'). eps is outside the root.

    Source: Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization",
    2011. Each entry divides by the size of all the gradients that it has seen, so steep directions are tamed.
    """
    total = dw * dw
    total += cache
    size = np.sqrt(total)
    size += eps
    step = -lr * dw
    step /= size
    step += w
    return step, total
