import numpy as np


def momentum_step(
    w: np.ndarray, dw: np.ndarray, v: np.ndarray, *, lr: float, mu: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    v = mu * v - lr * dw
    return w + v, v
