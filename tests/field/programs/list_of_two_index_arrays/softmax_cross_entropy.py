import numpy as np


def _probabilities(scores):
    exps = np.exp(scores - scores.max(axis=1)[:, None])
    return exps / exps.sum(axis=1)[:, None]


def softmax_cross_entropy(scores, labels):
    n = scores.shape[0]
    mask = [np.arange(n), labels]
    logp = scores - scores.max(axis=1)[:, None]
    logp = logp - np.log(np.exp(logp).sum(axis=1))[:, None]
    return float(-np.sum(logp[mask]) / n)


def softmax_cross_entropy_backward(scores, labels):
    n = scores.shape[0]
    mask = [np.arange(n), labels]
    d = _probabilities(scores)
    d[mask] -= 1
    return d / n
