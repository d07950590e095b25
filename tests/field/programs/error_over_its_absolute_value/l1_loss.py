import numpy as np


def l1_loss(prediction, target):
    M = prediction.shape[0]
    return float(np.sum(np.absolute(prediction - target)) / M)


def l1_loss_backward(prediction, target):
    AbsError = prediction - target
    return np.divide(AbsError, np.absolute(AbsError)) / prediction.shape[0]
