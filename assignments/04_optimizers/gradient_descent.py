"""Gradient descent.

Stand somewhere on the loss, feel which way is down, make a step, and again. The gradient is given as a function, so
the walk can be watched on any landscape; training is the same walk with the gradient averaged over the whole dataset
(batch gradient descent). If the rate is small enough, it ends in the valley it started above. For a convex function
that is the lowest one, for others it need not be: look at the last example.
"""

# Check it:  handgrad check gradient_descent

from collections.abc import Callable

import numpy as np


def gradient_descent(
    gradient: Callable[[np.ndarray], np.ndarray], w: np.ndarray, *, lr: float, steps: int
) -> np.ndarray:
    """Walk downhill from w and keep all the points visited.

    gradient is a function: gradient(w) returns the gradient (D,) at the point w (D,). lr is the learning rate. Returns
    the trajectory, one array (steps + 1, D), the start included:

        trajectory[0]     = w
        trajectory[t + 1] = trajectory[t] - lr * gradient(trajectory[t])

    The given w stays as it is.

    By hand, on J(w) = the sum of w^2, whose gradient is 2*w: with lr = 0.25 every step halves w.

    >>> gradient_descent(lambda w: 2 * w, np.array([1.0, -2.0]), lr=0.25, steps=2)
    array([[ 1.  , -2.  ],
           [ 0.5 , -1.  ],
           [ 0.25, -0.5 ]])

    J(w) = (w^2 - 1)^2 + w has two valleys. The left one, near -1.1, is lower; but from 1.5 the walk ends in the right
    one, a local optimum.

    >>> gradient_descent(lambda w: 4 * w * (w * w - 1) + 1, np.array([1.5]), lr=0.05, steps=50)[-1].round(3)
    array([0.838])
    """
    raise NotImplementedError("write gradient_descent")
