import numpy as np


def corrected_momentum_step(w, dw, m, *, lr, t, mu=0.9):
    V = mu * m + (1 - mu) * dw
    Vc = V / (1 - mu)
    return w - lr * Vc, V
