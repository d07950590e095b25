import numpy as np


def adagrad_step(w, dw, cache, *, lr, eps=1e-8):
    S = cache + dw * dw
    W = w - lr / np.sqrt(S + eps) * dw
    return W, S
