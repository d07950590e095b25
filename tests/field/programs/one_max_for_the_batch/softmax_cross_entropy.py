import numpy as np


def softmax(predictions):
    predictions = predictions - np.max(predictions)
    return np.exp(predictions) / np.sum(np.exp(predictions), axis=1).reshape(-1, 1)


def cross_entropy_loss(probs, target_index):
    return np.mean(-np.log(probs[range(probs.shape[0]), target_index]))


def softmax_cross_entropy(scores, labels):
    return float(cross_entropy_loss(softmax(scores), labels))


def softmax_cross_entropy_backward(scores, labels):
    n = scores.shape[0]
    dprediction = 1 / n * np.exp(scores) / np.sum(np.exp(scores), axis=1).reshape(-1, 1)
    dprediction[range(n), labels] -= 1 / n
    return dprediction
