import numpy as np


def l2_loss(prediction, target):
    r = (prediction - target).ravel()
    return float(np.dot(r, r)) / len(prediction)


def l2_loss_backward(prediction, target):
    return np.multiply(2.0 / len(prediction), np.subtract(prediction, target))
