"""Cross-entropy.

The mean of -log q, each class weighted by its true share p; with base 2 it is measured in bits. A class that was
predicted with certainty adds nothing, and as its predicted probability goes to 0 its term grows without bound. For a
label p is one-hot, and what is left is -log of the probability that the true class was given.
"""

# Check it:  handgrad check cross_entropy

import math

import numpy as np


def cross_entropy(q: np.ndarray, p: np.ndarray, *, base: float = math.e) -> float:
    """Compute the mean cross-entropy of a batch.

    q (B, K) is the prediction, p (B, K) the target; each row of both is a distribution: not negative, with sum 1. p may
    be one-hot, but need not. Returns one float:

        loss = mean over i of ( - sum over k of p[i, k] * log(q[i, k]) )

    The logarithm has the given base: log(q) / log(base). Where p is 0 the term is 0, whatever q is, even 0, because
    0 * log 0 is taken as its limit, which is 0. (NumPy says nan.) Where p is not 0, q is not 0 either, but it may be as
    small as 1e-30; do not cut it off. Do not change q or p.

    Mind the base. With base 10 the two examples below give 2 and 0.0457; with the natural logarithm, which training
    uses, they give 4.605 and 0.105.

    >>> p, q = np.array([[1.0, 0.0, 0.0, 0.0]]), np.array([[0.01, 0.85, 0.05, 0.09]])
    >>> round(cross_entropy(q, p, base=10), 6), round(cross_entropy(q, p), 3)
    (2.0, 4.605)
    >>> round(cross_entropy(np.array([[0.9, 0.01, 0.07, 0.02]]), p, base=10), 6)
    0.045757
    """
    raise NotImplementedError("write cross_entropy")


def cross_entropy_backward(q: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Compute the gradient of the loss with respect to the prediction q, for the natural logarithm.

    The arguments are those of the loss. Returns dq (B, K):

        dq[i, k] = -p[i, k] / (q[i, k] * B)        if p[i, k] is not 0
        dq[i, k] = 0                               otherwise, even where q is 0

    Every entry of q is taken as a variable of its own; that rows sum to 1 is softmax's concern. Do not change q or p.

    By hand, two rows: -1 / (0.25 * 2) = -2, and -0.5 / (0.5 * 2) = -0.5 twice.

    >>> q, p = np.array([[0.25, 0.75], [0.5, 0.5]]), np.array([[1.0, 0.0], [0.5, 0.5]])
    >>> cross_entropy_backward(q, p) + 0.0
    array([[-2. ,  0. ],
           [-0.5, -0.5]])
    """
    raise NotImplementedError("write cross_entropy_backward")
