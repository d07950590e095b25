"""Softmax.

A classifier ends in K scores per example, any real numbers. Softmax makes probabilities of them: exp makes them
positive, the division makes them sum to 1, and the larger score keeps the larger share. Every output depends on every
score of its row, so in backward every score hears from all outputs of its row.
"""

# Check it:  handgrad check softmax

import numpy as np


def softmax_forward(scores: np.ndarray) -> np.ndarray:
    """Turn scores into probabilities, row by row.

    scores (B, K). Returns p (B, K), each row of which sums to 1:

        p[i, k] = exp(scores[i, k]) / sum over j of exp(scores[i, j])

    exp of more than 709 is inf, and inf / inf is nan; no nan or inf may appear for any scores between -1e300 and 1e300.
    It helps that softmax does not change when the same number is added to all scores of a row. Do not change scores.

    By hand: the scores log 1, log 2, log 5 have the exponentials 1, 2, 5, and so the probabilities 1/8, 2/8, 5/8.

    >>> softmax_forward(np.log([[1.0, 2.0, 5.0]])).round(12)
    array([[0.125, 0.25 , 0.625]])
    >>> softmax_forward(np.array([[1000.0, 0.0, 1000.0]]))
    array([[0.5, 0. , 0.5]])
    """
    raise NotImplementedError("write softmax_forward")


def softmax_backward(dout: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Carry the gradient of the loss from the probabilities back to the scores.

    dout (B, K) is the gradient for forward's output p; scores is forward's input. Returns dscores (B, K). In one row
    the derivative of p[j] by scores[k] is p[k] * (1 - p[k]) when j is k, and -p[j] * p[k] when it is not, so

        dscores[i, k] = p[i, k] * (dout[i, k] - sum over j of dout[i, j] * p[i, j])

    Each row of it sums to 0. No nan or inf may appear for any scores between -1e300 and 1e300. Do not change dout or
    scores.

    By hand, for p = 1/8, 2/8, 5/8 and dout = 8, 0, 0: the sum is 8 * 1/8 = 1, so dscores is 1/8 * (8 - 1) = 7/8,
    2/8 * (0 - 1) = -2/8 and -5/8.

    >>> softmax_backward(np.array([[8.0, 0.0, 0.0]]), np.log([[1.0, 2.0, 5.0]])).round(12)
    array([[ 0.875, -0.25 , -0.625]])
    """
    raise NotImplementedError("write softmax_backward")
