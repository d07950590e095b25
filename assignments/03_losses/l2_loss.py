"""L2 loss, or least squares.

Squaring the miss makes the loss smooth and its slope proportional to the distance: large steps far away, small ones
near the goal. The price is that one outlier outweighs many examples: ten times the miss counts a hundred times.
"""

# Check it:  handgrad check l2_loss

import numpy as np


def l2_loss(prediction: np.ndarray, target: np.ndarray) -> float:
    """Compute the L2 loss of a batch: sum over the features, mean over the batch.

    prediction and target have the same shape (B, ...): one number per example (B,), a row (B, D), or an image
    (B, H, W, C). Returns one float:

        loss = (sum over all entries of (prediction - target)^2) / B

    B is the length of the first axis, not the number of entries. There is no factor 1/2 (some books have one) and no
    root. Do not change prediction or target.

    By hand, two examples of two features: (1 + 9 + 0.25 + 0) / 2 = 5.125.

    >>> prediction, target = np.array([[1.0, 2.0], [0.5, 4.0]]), np.array([[2.0, -1.0], [0.0, 4.0]])
    >>> l2_loss(prediction, target)
    5.125
    """
    raise NotImplementedError("write l2_loss")


def l2_loss_backward(prediction: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Compute the gradient of the loss with respect to the prediction.

    The arguments are those of the loss. Returns dprediction, shaped as prediction:

        dprediction = 2 * (prediction - target) / B

    Do not change prediction or target.

    >>> prediction, target = np.array([[1.0, 2.0], [0.5, 4.0]]), np.array([[2.0, -1.0], [0.0, 4.0]])
    >>> l2_loss_backward(prediction, target)
    array([[-1. ,  3. ],
           [ 0.5,  0. ]])
    """
    raise NotImplementedError("write l2_loss_backward")
