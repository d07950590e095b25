import numpy as np


def huber_loss(prediction, target, *, delta=1.0):
    size = np.abs(prediction - target)
    small = size < delta
    parabola = 0.5 * np.sum(size[small] ** 2)
    line = delta * np.sum(size[~small] - 0.5 * delta)
    return float(parabola + line) / len(prediction)


def huber_loss_backward(prediction, target, *, delta=1.0):
    gap = prediction - target
    small = np.abs(gap) < delta
    slope = np.zeros(gap.shape)
    slope[small] = gap[small]
    slope[~small] = delta * np.sign(gap[~small])
    return slope / len(prediction)
