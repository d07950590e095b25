import numpy as np


def softmax_cross_entropy(scores, labels):
    local = scores - np.max(scores, axis=1, keepdims=True)
    sums = np.log(np.sum(np.exp(local), axis=1))
    return float(np.mean(sums - local[np.arange(len(labels)), labels]))


def softmax_cross_entropy_backward(scores, labels):
    local_scores = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    scores_sum = np.sum(local_scores, axis=1)
    gradient = local_scores / scores_sum[:, None]
    mask = np.ones(scores.shape)
    mask[np.arange(len(labels)), labels] = 0
    gradient[np.arange(len(labels)), labels] = -np.sum(mask * local_scores) / scores_sum
    return gradient
