"""Dropout and a penalty together: repair the gradients.

One linear layer with both remedies of this unit: dropout on its input, and an L2 penalty on its weights. Both are easy
alone, and both are easy to get wrong by a factor that nobody sees: the loss still goes down, only the remedy is weaker
than you think.

The gradients are given, run, and have the right shapes. There are two bugs in them.
"""

# Check it:  handgrad check repair_dropout_regression

import numpy as np


def dropout_regression_backward(
    x: np.ndarray, target: np.ndarray, w: np.ndarray, mask: np.ndarray, *, strength: float
) -> tuple[np.ndarray, np.ndarray]:
    """Compute the gradients of a regression with dropout. The code below has two bugs: find and repair them.

    x (B, D) is what comes in, from a layer below; mask (B, D) is dropout's, 0 where a unit is away and 1 / (1 - p)
    where it is there; w is (D, M), target (B, M):

        prediction = (x * mask) @ w
        loss = mean over i of (sum over m of (prediction[i, m] - target[i, m])^2) + strength * (sum of all w^2)

    The mean is over the batch, the penalty has no factor 1/2. Returns (dx, dw), shaped as x and w. Do not change the
    inputs.

    Delete the line that raises. Split what you check: with strength = 0 there is no penalty, with a mask of ones no
    dropout. When both gradients are right there, one of the two remedies is to blame for what is still wrong. And a
    wrong factor shows as a constant ratio: divide your number by the right one.

    By hand, with x = [[3, 5]], mask = [[2, 0]], w = [[1], [4]], target = [[2]] and strength = 0.5: the prediction is 6,
    so 2 * (6 - 2) = 8 comes back. dx is [8*1*2, 0], and dw is [[8*3*2 + 1], [0 + 4]].

    >>> x, mask, w = np.array([[3.0, 5.0]]), np.array([[2.0, 0.0]]), np.array([[1.0], [4.0]])
    >>> dx, dw = dropout_regression_backward(x, np.array([[2.0]]), w, mask, strength=0.5)
    >>> dx
    array([[16.,  0.]])
    >>> dw
    array([[49.],
           [ 4.]])
    """
    raise NotImplementedError("write dropout_regression_backward")
    # Two bugs are below. Find them, repair them, and delete the line above.
    dropped = x * mask
    dprediction = 2 * (dropped @ w - target) / len(x)
    dx = dprediction @ w.T * (mask > 0)
    dw = dropped.T @ dprediction + strength * w
    return dx, dw
