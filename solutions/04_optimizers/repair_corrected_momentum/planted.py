"""Momentum that knows its age: what students start from."""

import numpy as np


def corrected_momentum_step(
    w: np.ndarray, dw: np.ndarray, m: np.ndarray, *, lr: float, t: int, mu: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    m = mu * m + (1 - mu) * dw
    # BUG one_step_too_old: mhat = m / (1 - mu**t)
    mhat = m / (1 - mu ** (t + 1))
    # BUG corrected_average_kept: return w - lr * mhat, m
    return w - lr * mhat, mhat
