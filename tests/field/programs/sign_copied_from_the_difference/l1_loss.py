import numpy as np


def l1_loss(prediction, target):
    larger = np.maximum(prediction, target)
    smaller = np.minimum(prediction, target)
    return float(np.sum(larger - smaller) / prediction.shape[0])


def l1_loss_backward(prediction, target):
    return np.copysign(1.0 / prediction.shape[0], prediction - target)
