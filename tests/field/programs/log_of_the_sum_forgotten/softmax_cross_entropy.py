import numpy as np


def softmax_cross_entropy(scores, labels):
    n_samples = len(labels)
    shifted_score = scores - np.max(scores, axis=1, keepdims=True)
    sum_exp_score = np.sum(np.exp(shifted_score), axis=1, keepdims=True)
    log_prob = shifted_score - sum_exp_score
    return float(-np.sum(log_prob[range(n_samples), labels]) / n_samples)


def softmax_cross_entropy_backward(scores, labels):
    n_samples = len(labels)
    shifted_score = scores - np.max(scores, axis=1, keepdims=True)
    exp_score = np.exp(shifted_score)
    dout = exp_score / np.sum(exp_score, axis=1, keepdims=True)
    dout[range(n_samples), labels] -= 1
    dout = dout / n_samples
    return dout
