import numpy as np


def l2_penalty(w, *, strength):
    reg = strength
    return float(reg * np.sum(w * w))


def l2_penalty_backward(w, *, strength):
    reg = strength
    dW = np.zeros(w.shape)
    dW += reg * w
    return dW
