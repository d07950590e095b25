"""Cosine loss: what students start from."""

import numpy as np


def cosine_loss_backward(prediction: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    a_length = np.linalg.norm(prediction, axis=1, keepdims=True)
    b_length = np.linalg.norm(target, axis=1, keepdims=True)
    a, b = prediction / a_length, target / b_length
    cos = np.sum(a * b, axis=1, keepdims=True)
    # BUG length_held_constant: dprediction = (cos * a - b) / a_length
    dprediction = -b / a_length
    # BUG length_of_the_other: dtarget = (cos * b - a) / b_length
    dtarget = (cos * b - a) / a_length
    return dprediction / len(a), dtarget / len(b)
