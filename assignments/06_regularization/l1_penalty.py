"""L1 penalty.

The L2 penalty pulls large weights hard and small ones hardly at all, so they all become small and none becomes 0. The
sum of absolute values pulls every weight with the same force: those that the loss does not really need are driven to
within one step of 0. A step that stops there (soft threshold) makes them exactly 0, and the network gets simpler.
"""

# Check it:  handgrad check l1_penalty

import numpy as np


def l1_penalty(w: np.ndarray, *, strength: float) -> float:
    """Compute the penalty that is added to the loss.

    w has any shape; strength is a factor, often written lambda. Returns one float:

        penalty = strength * sum over all entries of |w|

    It is a sum, no mean: the penalty does not know the batch. Do not change w.

    By hand: 0.1 * (3 + 4 + 0 + 1) = 0.8.

    >>> round(l1_penalty(np.array([[3.0, -4.0], [0.0, 1.0]]), strength=0.1), 12)
    0.8
    """
    raise NotImplementedError("write l1_penalty")


def l1_penalty_backward(w: np.ndarray, *, strength: float) -> np.ndarray:
    """Compute the gradient of the penalty with respect to w.

    The arguments are those of the penalty. Returns dw, shaped as w:

        dw =  strength     where w > 0
        dw = -strength     where w < 0

    At exactly w = 0 the graph has a corner; we take 0 there, and any number in [-strength, strength] is a subgradient
    and is accepted. No nan may appear. Do not change w.

    >>> l1_penalty_backward(np.array([[3.0, -4.0], [0.0, 1.0]]), strength=0.5)
    array([[ 0.5, -0.5],
           [ 0. ,  0.5]])
    """
    raise NotImplementedError("write l1_penalty_backward")
