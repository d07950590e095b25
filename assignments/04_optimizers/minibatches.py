"""Mini-batches.

Batch gradient descent looks at all examples for one step, stochastic gradient descent at one. Between the two, the
gradient is averaged over a mini-batch: a few dozen rows, drawn at random. One epoch is one pass over all the rows, in
a new random order; otherwise the network learns the order of the file, all cats first and all dogs after.
"""

# Check it:  handgrad check minibatches

import numpy as np


def minibatches(
    x: np.ndarray, y: np.ndarray, *, batch_size: int, rng: np.random.Generator
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Shuffle the examples and cut them into batches, for one epoch.

    x and y hold one example per row: row i of y belongs to row i of x. They have equally many rows and otherwise any
    shape: images (R, H, W, C) and labels (R,), for example. Returns a list of pairs (xb, yb), where

        - every row is in exactly one batch, and all orders of the rows are equally likely,
        - row i of yb belongs to row i of xb,
        - every batch has batch_size rows, but the last has what is left over: from 1 to batch_size rows.

    All randomness comes from rng; how you use it, and in which order, is up to you. x and y stay as they are.

    >>> x, y = np.array([[1.0, 1.5], [2.0, 2.5], [3.0, 3.5]]), np.array([1, 2, 3])
    >>> batches = minibatches(x, y, batch_size=2, rng=np.random.default_rng(0))
    >>> [xb.shape for xb, yb in batches], [yb.shape for xb, yb in batches]
    ([(2, 2), (1, 2)], [(2,), (1,)])
    >>> all(np.array_equal(xb[:, 0], yb) for xb, yb in batches)
    True
    """
    raise NotImplementedError("write minibatches")
