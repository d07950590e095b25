"""AdaGrad: a learning rate for every parameter.

In a ravine the gradient is large across and small along, so one learning rate is too large for one direction and too
small for the other. AdaGrad divides each entry's step by the size of all gradients this entry has seen: steep entries
slow down, rarely used ones keep making large steps. The state is one more array, the sum of squared gradients, which
starts at zero and only grows; so each entry's rate only shrinks.
"""

# Check it:  handgrad check adagrad

import numpy as np


def adagrad_step(
    w: np.ndarray, dw: np.ndarray, cache: np.ndarray, *, lr: float, eps: float = 1e-8
) -> tuple[np.ndarray, np.ndarray]:
    """Make one step of AdaGrad.

    w is the parameter, dw its gradient, cache the sum of squared gradients so far, all of the same (any) shape. lr is
    the learning rate, eps keeps the division from 0/0. Returns the new (w, cache), two new arrays (w, dw and cache
    stay as they are):

        cache = cache + dw^2
        w = w - lr * dw / (sqrt(cache) + eps)

    Everything is entry by entry, and eps is outside the root. An entry whose gradients were all 0 does not move.

    By hand, with w = 1, dw = 4, cache = 9, lr = 0.5: the new cache is 9 + 16 = 25, the new w 1 - 0.5*4/5 = 0.6.

    >>> w, cache = adagrad_step(np.array([1.0]), np.array([4.0]), np.array([9.0]), lr=0.5)
    >>> cache, w.round(6)
    (array([25.]), array([0.6]))
    """
    raise NotImplementedError("write adagrad_step")
