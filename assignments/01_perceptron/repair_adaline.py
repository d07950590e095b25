"""Adaline: repair its gradient.

In 1960 Widrow and Hoff let a neuron learn from how far it is off instead of from whether it is: no step function, only
the weighted sum, and a squared error whose slope says where to go. Adaline is the first neuron trained by a gradient.

This time you do not begin with an empty function. Somebody has written it, it runs, its shapes are right, and there are
two bugs in it. Reading code for a mistake is half of all programming.
"""

# Check it:  handgrad check repair_adaline

import numpy as np


def adaline_backward(x: np.ndarray, y: np.ndarray, w: np.ndarray, b: float) -> tuple[np.ndarray, float]:
    """Compute the gradients of Adaline's loss. The code below has two bugs: find and repair them.

    x (B, D) holds one example per row, y (B,) the numbers that should come out, w (D,) the weights and b one number.
    The loss is the mean squared error of the weighted sums:

        s[i] = b + sum over d of x[i, d] * w[d]
        loss = mean over i of (s[i] - y[i])^2

    Returns (dw, db): dw[d] = dloss/dw[d], shaped as w, and db = dloss/db, a number. Do not change the inputs.

    Delete the line that raises, run the check, and look at which of the two gradients is wrong. Where both are wrong,
    look at what both are made of. Then try an input so small that you can follow every number, one where nothing is 0
    and nothing is 1: a bug likes to hide behind b = 0 or behind a batch of one.

    By hand, with x = [[1, 2], [3, 4]], y = [1, 2], w = [1, -1] and b = 1: the sums are 0 and 0, the errors -1 and -2.
    dw is the mean of 2 * error * x over the examples: [-2*1*1 - 2*2*3, -2*1*2 - 2*2*4] / 2 = [-7, -10]; db is -3.

    >>> dw, db = adaline_backward(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 2.0]), np.array([1.0, -1.0]), 1.0)
    >>> dw
    array([ -7., -10.])
    >>> float(db)
    -3.0
    """
    raise NotImplementedError("write adaline_backward")
    # Two bugs are below. Find them, repair them, and delete the line above.
    error = x @ w - y
    dw = 2 * x.T @ error / len(x)
    db = 2 * error.sum()
    return dw, db
