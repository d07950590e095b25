import numpy as np


def l2_loss(prediction, target):
    M = prediction.shape[0]
    core = prediction - target
    return float(np.sum(np.power(core, 2)) / (2 * M))


def l2_loss_backward(prediction, target):
    core = prediction - target
    return core / core.shape[0]
