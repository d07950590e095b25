"""A training loop: repair it.

The layers are right, the optimizer is right, and still the curve looks odd: the loop around them is code too, and its
bugs are the quietest of all. Nothing crashes, the loss goes down, and a part of your data is never seen.

A loop is given that fits a line (or a plane) in batches. It runs and returns arrays of the right shapes. There are two
bugs in it, and the second one does not show before the first is repaired.
"""

# Check it:  handgrad check repair_fit_line

import numpy as np


def fit_line(
    x: np.ndarray, y: np.ndarray, w: np.ndarray, *, lr: float, batch_size: int, epochs: int
) -> tuple[np.ndarray, np.ndarray]:
    """Fit y by x @ w with gradient descent in batches. The code below has two bugs: find and repair them.

    x (B, D) holds the examples, y (B,) what should come out, w (D,) the weights to begin with. An epoch goes through
    the rows in their order, batch_size at a time; what is left over at the end is a smaller batch, and counts like any
    other. For each batch, with its own rows only:

        error = x @ w - y
        w     = w - lr * (2 / rows in the batch) * x.T @ error

    Returns (w, history): the new weights (D,), and history (epochs,) with the mean of error^2 over all B rows of each
    epoch, every row's error taken before the step that it takes part in. Do not change x, y or w.

    Delete the line that raises. Then count: which rows does an epoch see, and how much does each of them weigh in the
    mean? Three rows and batch_size 2 are the smallest case in which there is something to see. And when you have found
    one bug, look again: the check may only now be able to see the other.

    By hand, with x = [[1], [1], [1]], y = [1, 3, 8], w = 0, lr = 0.5, batch_size 2 and one epoch: the first two errors
    are -1 and -3, so w becomes 0 + 0.5 * (1 + 3) = 2. The last row is a batch of its own with error -6: w becomes 8.
    The mean of 1, 9 and 36 is 15.33.

    >>> w, history = fit_line(np.ones((3, 1)), np.array([1.0, 3.0, 8.0]), np.zeros(1), lr=0.5, batch_size=2, epochs=1)
    >>> w, history.round(2)
    (array([8.]), array([15.33]))
    """
    raise NotImplementedError("write fit_line")
    # Two bugs are below. Find them, repair them, and delete the line above.
    history = []
    for _ in range(epochs):
        losses = []
        for start in range(0, len(x) - batch_size + 1, batch_size):
            xb, yb = x[start : start + batch_size], y[start : start + batch_size]
            error = xb @ w - yb
            losses.append(np.mean(error**2))
            w = w - lr * 2 * xb.T @ error / len(xb)
        history.append(np.mean(losses))
    return w, np.array(history)
