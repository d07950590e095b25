import numpy as np


def adagrad_step(w, dw, cache, *, lr, eps=1e-8):
    accumulated = np.add(cache, np.square(dw))
    adjusted_lr = np.divide(lr, np.sqrt(accumulated) + eps)
    return np.subtract(w, adjusted_lr * dw), accumulated
