import numpy as np


class Huber:
    def __init__(self, delta=1.0):
        self._delta = delta

    def loss(self, predicted, actual):
        l1_dist = np.abs(predicted - actual)
        mse_mask = l1_dist < self._delta
        mae_mask = ~mse_mask
        mse = 0.5 * (predicted - actual) ** 2
        mae = self._delta * l1_dist - 0.5 * self._delta ** 2
        return np.sum(mse * mse_mask + mae * mae_mask) / predicted.shape[0]

    def grad(self, predicted, actual):
        err = predicted - actual
        mse_mask = np.abs(err) < self._delta
        mae_mask = ~mse_mask
        batch_size = predicted.shape[0]
        mse_grad = err / batch_size
        mae_grad = np.sign(err) / batch_size
        return (mae_grad * mae_mask + mse_grad * mse_mask) / batch_size


def huber_loss(prediction, target, *, delta=1.0):
    return float(Huber(delta).loss(prediction, target))


def huber_loss_backward(prediction, target, *, delta=1.0):
    return Huber(delta).grad(prediction, target)
