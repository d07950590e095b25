import numpy as np


def smooth_l1_loss(prediction, target):
    diff = prediction - target
    less_than_one = (diff < 1.0).astype(float)
    loss = less_than_one * 0.5 * diff ** 2 + (1 - less_than_one) * (np.abs(diff) - 0.5)
    return float(loss.sum() / prediction.shape[0])


def smooth_l1_loss_backward(prediction, target):
    diff = prediction - target
    grad = np.where(diff < 1.0, diff, np.sign(diff))
    return grad / prediction.shape[0]
