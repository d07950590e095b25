"""Softmax and cross-entropy in one loss.

A classifier ends in K scores, any real numbers. Softmax turns them into probabilities, cross-entropy asks how
surprised they are by the true class. Computed one after the other they break: exp overflows for large scores, and the
logarithm of a probability that underflowed to 0 is infinite. Computed together they are always finite, because log
and exp cancel; and the gradient becomes the simplest there is: what you said, minus what was true.
"""

# Check it:  handgrad check softmax_cross_entropy

import numpy as np


def softmax_cross_entropy(scores: np.ndarray, labels: np.ndarray) -> float:
    """Compute the mean cross-entropy of a batch.

    scores (B, K), labels (B,) int, the index of the true class of each row. Returns one float:

        p[i, k] = exp(scores[i, k]) / sum over j of exp(scores[i, j])        row by row
        loss    = mean over i of -log p[i, labels[i]]

    The logarithm is the natural one. (The lecture's worked examples, 2 and 0.0457, use base 10; here they are 4.605 and
    0.105.) No warning, nan or inf may appear for any finite scores. Two identities help:

        softmax does not change when the same number is added to all scores of a row
        -log p[i, k] = log(sum over j of exp(scores[i, j])) - scores[i, k]

    Do not change scores or labels.

    By hand: the scores log 1, log 2, log 5 have probabilities 1/8, 2/8, 5/8. If class 1 is true, the loss is
    -log(2/8) = log 4.

    >>> scores = np.log([[1.0, 2.0, 5.0]])
    >>> round(softmax_cross_entropy(scores, np.array([1])), 4) == round(np.log(4.0), 4)
    True
    >>> softmax_cross_entropy(np.array([[1000.0, 0.0]]), np.array([1]))
    1000.0
    """
    raise NotImplementedError("write softmax_cross_entropy")


def softmax_cross_entropy_backward(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Compute the gradient of the loss with respect to the scores.

    The arguments are exactly those of the loss. Returns dscores (B, K), with p as above:

        dscores[i, k] = (p[i, k] - 1) / B        if k is the true class of row i
        dscores[i, k] =  p[i, k] / B             otherwise

    So every row sums to 0. No warning, nan or inf may appear for any finite scores. Do not change scores or labels.

    By hand, for the example above: (1/8, 2/8 - 1, 5/8).

    >>> softmax_cross_entropy_backward(np.log([[1.0, 2.0, 5.0]]), np.array([1])).round(12)
    array([[ 0.125, -0.75 ,  0.625]])
    """
    raise NotImplementedError("write softmax_cross_entropy_backward")
