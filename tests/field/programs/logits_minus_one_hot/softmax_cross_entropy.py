import numpy as np


def softmax_cross_entropy(scores, labels):
    m = scores.shape[0]
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    log_z = np.log(np.sum(np.exp(shifted), axis=1))
    nll = log_z - shifted[range(m), labels]
    return float(np.sum(nll) / m)


def softmax_cross_entropy_backward(scores, labels):
    m = scores.shape[0]
    grad = np.copy(scores)
    grad[range(m), labels] -= 1
    return grad / m
