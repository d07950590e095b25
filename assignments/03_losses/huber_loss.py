"""Huber loss.

Smooth L1 turns from parabola to line at a distance of 1. Whether 1 is near or far depends on the unit, metres or
millimetres, so Huber's loss lets you choose the distance, delta. The line must take over where the parabola ends, with
the same value and the same slope: that decides both its slope, delta, and its shift.
"""

# Check it:  handgrad check huber_loss

import numpy as np


def huber_loss(prediction: np.ndarray, target: np.ndarray, *, delta: float = 1.0) -> float:
    """Compute the Huber loss of a batch: sum over the features, mean over the batch.

    prediction and target have the same shape (B, ...): one number per example (B,), a row (B, D), or an image
    (B, H, W, C); delta > 0. With d = prediction - target, for each entry by itself:

        huber(d) = 0.5 * d^2                        if |d| < delta
                   delta * (|d| - 0.5 * delta)      otherwise
        loss = (sum over all entries of huber(d)) / B

    With delta = 1 that is smooth L1. The branches meet: at |d| = delta both give 0.5 * delta^2. With 0.5 in place
    of 0.5 * delta they would meet only for delta = 1.

    B is the length of the first axis, not the number of entries. Do not change prediction or target.

    By hand, with delta = 2 the differences -3, 1 and 0, 6: (2*(3 - 1) + 0.5 + 0 + 2*(6 - 1)) / 2 = 7.25.

    >>> huber_loss(np.array([[1.0, 2.0], [3.0, 6.0]]), np.array([[4.0, 1.0], [3.0, 0.0]]), delta=2.0)
    7.25
    """
    raise NotImplementedError("write huber_loss")


def huber_loss_backward(prediction: np.ndarray, target: np.ndarray, *, delta: float = 1.0) -> np.ndarray:
    """Compute the gradient of the loss with respect to the prediction.

    The arguments are those of the loss. Returns dprediction, shaped as prediction, with d = prediction - target:

        dprediction = d / B           if |d| < delta
                       delta / B      if d >= delta
                      -delta / B      if d <= -delta

    Do not change prediction or target.

    >>> huber_loss_backward(np.array([[1.0, 2.0], [3.0, 6.0]]), np.array([[4.0, 1.0], [3.0, 0.0]]), delta=2.0)
    array([[-1. ,  0.5],
           [ 0. ,  1. ]])
    """
    raise NotImplementedError("write huber_loss_backward")
