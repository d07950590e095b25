import numpy as np


def l1_penalty(w, *, strength):
    return float(strength * np.linalg.norm(w.ravel(), 1))


def l1_penalty_backward(w, *, strength):
    return strength * ((w > 0).astype(float) - (w < 0).astype(float))
