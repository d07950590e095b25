import numpy as np


def huber_loss(prediction, target, *, delta=1.0):
    l1_dist = np.abs(prediction - target)
    mse_mask = l1_dist < delta
    mse = 0.5 * np.square(prediction - target)
    mae = delta * l1_dist - 0.5 * delta ** 2
    return float(np.sum(mse[mse_mask]) + np.sum(mae[~mse_mask])) / prediction.shape[0]


def huber_loss_backward(prediction, target, *, delta=1.0):
    err = prediction - target
    mse_mask = np.abs(err) < delta
    grad = err * mse_mask + delta * np.sign(err) * ~mse_mask
    return grad / prediction.shape[0]
