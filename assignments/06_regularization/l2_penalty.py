"""L2 penalty, or weight decay.

A network that memorizes needs large weights to bend around every training example. So let weights cost something: add
the sum of their squares to the loss. Its gradient pulls every weight towards 0, the harder the larger it is.
"""

# Check it:  handgrad check l2_penalty

import numpy as np


def l2_penalty(w: np.ndarray, *, strength: float) -> float:
    """Compute the penalty that is added to the loss.

    w has any shape; strength is a factor, often written lambda. Returns one float:

        penalty = strength * sum over all entries of w^2

    There is no factor 1/2 (some books have one), no root and no mean: the penalty does not know the batch. Do not
    change w.

    By hand: 0.1 * (9 + 16 + 0 + 1) = 2.6.

    >>> round(l2_penalty(np.array([[3.0, -4.0], [0.0, 1.0]]), strength=0.1), 12)
    2.6
    """
    raise NotImplementedError("write l2_penalty")


def l2_penalty_backward(w: np.ndarray, *, strength: float) -> np.ndarray:
    """Compute the gradient of the penalty with respect to w.

    The arguments are those of the penalty. Returns dw, shaped as w:

        dw = 2 * strength * w

    Do not change w.

    >>> l2_penalty_backward(np.array([[3.0, -4.0], [0.0, 1.0]]), strength=0.5)
    array([[ 3., -4.],
           [ 0.,  1.]])
    """
    raise NotImplementedError("write l2_penalty_backward")
