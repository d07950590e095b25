import numpy as np


def cosine_loss_backward(prediction, target):
    a_length = np.sum(np.square(prediction)) ** 0.5
    b_length = np.sum(np.square(target)) ** 0.5
    a, b = prediction / a_length, target / b_length
    cos = np.sum(a * b, axis=1, keepdims=True)
    dprediction = (cos * a - b) / a_length
    dtarget = (cos * b - a) / b_length
    return dprediction / len(a), dtarget / len(b)
