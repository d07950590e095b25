import numpy as np


def l1_penalty(w, *, strength):
    m = w.shape[0]
    return float(strength * np.sum(np.abs(w)) / m)


def l1_penalty_backward(w, *, strength):
    return strength * np.abs(w)
