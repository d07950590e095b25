import numpy as np


def smooth_l1_loss(prediction, target):
    d = np.abs(prediction - target)
    m = np.minimum(d, 1.0)
    return float(np.sum(m * (d - 0.5 * m)) / len(d))


def smooth_l1_loss_backward(prediction, target):
    return np.clip(prediction - target, -1.0, 1.0) / len(prediction)
