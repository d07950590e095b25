import numpy as np


def momentum_step(w, dw, v, *, lr, mu=0.9):
    v = mu * v + (1 - mu) * dw
    w = w - lr * v
    return w, v
