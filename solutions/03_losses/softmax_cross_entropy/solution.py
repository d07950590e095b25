"""Softmax and cross-entropy in one loss.

A classifier ends in K scores, any real numbers. Softmax turns them into probabilities, and cross-entropy is -log of
the probability of the true class. Computed one after the other they break: exp overflows for large scores, and the
logarithm of a probability that underflowed to 0 is infinite. Computed together they stay finite, because log and exp
cancel; and the gradient is the predicted probabilities minus the one-hot label.
"""

import numpy as np


def softmax_cross_entropy(scores: np.ndarray, labels: np.ndarray) -> float:
    """Compute the mean cross-entropy of a batch.

    scores (B, K), labels (B,) int, the index of the true class of each row. Returns one float:

        p[i, k] = exp(scores[i, k]) / sum over j of exp(scores[i, j])        row by row
        loss    = mean over i of -log p[i, labels[i]]

    The logarithm is the natural one. No nan or inf may come out for any scores between -1e300 and 1e300. Two
    identities help:

        softmax does not change when the same number is added to all scores of a row
        -log p[i, k] = log(sum over j of exp(scores[i, j])) - scores[i, k]

    Do not change scores or labels.

    Stuck? Write `softmax_cross_entropy_steps` too, with the same arguments. It returns a dict with any of p (B, K) and
    losses (B,), one number a row; while softmax_cross_entropy is wrong, each of them is checked on its own.

    By hand: the scores log 1, log 2, log 5 have probabilities 1/8, 2/8, 5/8. If class 1 is true, the loss is
    -log(2/8) = log 4.

    >>> scores = np.log([[1.0, 2.0, 5.0]])
    >>> round(softmax_cross_entropy(scores, np.array([1])), 6), round(np.log(4.0).item(), 6)
    (1.386294, 1.386294)
    >>> softmax_cross_entropy(np.array([[1000.0, 0.0]]), np.array([1]))
    1000.0
    """
    # BEGIN SOLUTION
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    true_score = shifted[np.arange(len(labels)), labels]
    return float(np.mean(log_sum - true_score))
    # END SOLUTION


def softmax_cross_entropy_backward(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Compute the gradient of the loss with respect to the scores.

    The arguments are exactly those of the loss. Returns dscores (B, K), with p as above:

        dscores[i, k] = (p[i, k] - 1) / B        if k is the true class of row i
        dscores[i, k] =  p[i, k] / B             otherwise

    So every row sums to 0. No nan or inf may come out for any scores between -1e300 and 1e300. Do not change
    scores or labels.

    Stuck? `softmax_cross_entropy_backward_steps` may return a dict with any of p (B, K) and truth (B, K), which is
    one-hot.

    By hand, for the example above: (1/8, 2/8 - 1, 5/8).

    >>> softmax_cross_entropy_backward(np.log([[1.0, 2.0, 5.0]]), np.array([1])).round(12)
    array([[ 0.125, -0.75 ,  0.625]])
    """
    # BEGIN SOLUTION
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)
    truth = np.zeros_like(scores)
    truth[np.arange(len(labels)), labels] = 1
    return (probabilities - truth) / len(labels)
    # END SOLUTION
