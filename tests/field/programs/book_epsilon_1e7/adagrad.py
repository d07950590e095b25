import numpy as np


def adagrad_step(w, dw, cache, *, lr, eps=1e-8):
    h = cache
    h += dw * dw
    return w - lr * dw / (np.sqrt(h) + 1e-7), h
