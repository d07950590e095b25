"""Smooth L1 loss.

L2 pulls too hard at outliers, L1 never slows down near the goal. Smooth L1 takes the better half of each: a parabola
within 1 of the target, a straight line beyond it. The line is shifted by 1/2 so that the two meet without a corner: at
a distance of 1 both have the value 1/2 and the slope 1.
"""

# Check it:  handgrad check smooth_l1_loss

import numpy as np


def smooth_l1_loss(prediction: np.ndarray, target: np.ndarray) -> float:
    """Compute the smooth L1 loss of a batch: sum over the features, mean over the batch.

    prediction and target have the same shape (B, ...): one number per example (B,), a row (B, D), or an image
    (B, H, W, C). With d = prediction - target, for each entry by itself:

        smooth(d) = 0.5 * d^2     if |d| < 1
                    |d| - 0.5     otherwise
        loss = (sum over all entries of smooth(d)) / B

    B is the length of the first axis, not the number of entries. Do not change prediction or target.

    By hand, the differences -2, 0.5 and 0, 4 in two examples: (1.5 + 0.125 + 0 + 3.5) / 2 = 2.5625.

    >>> smooth_l1_loss(np.array([[1.0, 2.5], [3.0, 4.0]]), np.array([[3.0, 2.0], [3.0, 0.0]]))
    2.5625
    """
    raise NotImplementedError("write smooth_l1_loss")


def smooth_l1_loss_backward(prediction: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Compute the gradient of the loss with respect to the prediction.

    The arguments are those of the loss. Returns dprediction, shaped as prediction, with d = prediction - target:

        dprediction = d / B      if |d| < 1
                       1 / B     if d >= 1
                      -1 / B     if d <= -1

    So no entry is larger than 1 / B, however far away the target is. Do not change prediction or target.

    >>> smooth_l1_loss_backward(np.array([[1.0, 2.5], [3.0, 4.0]]), np.array([[3.0, 2.0], [3.0, 0.0]]))
    array([[-0.5 ,  0.25],
           [ 0.  ,  0.5 ]])
    """
    raise NotImplementedError("write smooth_l1_loss_backward")
