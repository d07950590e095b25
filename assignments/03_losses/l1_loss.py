"""L1 loss, or least absolute deviations.

A regression predicts numbers, not classes, and the plainest measure of a miss is its distance. Far from the target and
near to it the slope is the same: an outlier pulls no harder than any other example, but the steps do not get smaller
near the goal either.
"""

# Check it:  handgrad check l1_loss

import numpy as np


def l1_loss(prediction: np.ndarray, target: np.ndarray) -> float:
    """Compute the L1 loss of a batch: sum over the features, mean over the batch.

    prediction and target have the same shape (B, ...): one number per example (B,), a row (B, D), or an image
    (B, H, W, C). Returns one float:

        loss = (sum over all entries of |prediction - target|) / B

    B is the length of the first axis, not the number of entries. Do not change prediction or target.

    By hand, two examples of two features: (1 + 3 + 0.5 + 0) / 2 = 2.25.

    >>> prediction, target = np.array([[1.0, 2.0], [0.5, 4.0]]), np.array([[2.0, -1.0], [0.0, 4.0]])
    >>> l1_loss(prediction, target)
    2.25
    """
    raise NotImplementedError("write l1_loss")


def l1_loss_backward(prediction: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Compute the gradient of the loss with respect to the prediction.

    The arguments are those of the loss. Returns dprediction, shaped as prediction:

        dprediction =  1 / B    where prediction > target
        dprediction = -1 / B    where prediction < target

    Where the two are equal the graph has a corner; we take 0 there, and any number in [-1, 1], divided by B, is a
    subgradient and is accepted. No nan may appear. Do not change prediction or target.

    >>> prediction, target = np.array([[1.0, 2.0], [0.5, 4.0]]), np.array([[2.0, -1.0], [0.0, 4.0]])
    >>> l1_loss_backward(prediction, target)
    array([[-0.5,  0.5],
           [ 0.5,  0. ]])
    """
    raise NotImplementedError("write l1_loss_backward")
