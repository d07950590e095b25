import numpy as np


def _near(gap, delta):
    return np.abs(gap) < delta


def huber_loss(prediction, target, *, delta=1.0):
    gap = prediction - target
    inside = 0.5 * gap ** 2
    outside = delta * (np.abs(gap) - 0.5 * delta)
    return float(np.where(_near(gap, delta), inside, outside).sum() / len(gap))


def huber_loss_backward(prediction, target, *, delta=1.0):
    gap = prediction - target
    B = len(gap)
    inside = gap / B
    outside = np.sign(gap) / B
    return np.where(_near(gap, delta), inside, outside) / B
