import numpy as np


def huber_loss(prediction, target, *, delta=1.0):
    error = target - prediction
    absolute_error = np.abs(error)
    loss = 0.0
    for i in range(prediction.shape[0]):
        for j in range(prediction.shape[1]):
            if absolute_error[i, j] <= delta:
                loss += 0.5 * (error[i, j] ** 2)
            else:
                loss += delta * absolute_error[i, j] - 0.5 * delta ** 2
    return float(loss / prediction.shape[1])


def huber_loss_backward(prediction, target, *, delta=1.0):
    error = target - prediction
    derivative = np.where(np.abs(error) <= delta, error, delta * np.sign(error))
    return -derivative / prediction.shape[-1]
