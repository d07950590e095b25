"""Gradient descent with momentum.

In a ravine plain gradient descent swings from wall to wall and creeps along the floor. A heavy ball does better: it
has a velocity, each gradient only pushes it a little, so swings across the ravine cancel out and the steady pull
along the floor adds up. The state is one more array, the velocity v, which starts at zero.
"""

# Check it:  handgrad check momentum

import numpy as np


def momentum_step(
    w: np.ndarray, dw: np.ndarray, v: np.ndarray, *, lr: float, mu: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    """Make one step of gradient descent with momentum.

    w is the parameter, dw its gradient, v the velocity so far, all of the same (any) shape. lr is the learning rate,
    mu how much of the old velocity is kept. Returns the new (w, v), two new arrays (w, dw and v stay as they are):

        v = mu * v - lr * dw
        w = w + v

    This is the lecture's form: the learning rate is inside the velocity, which points downhill. (PyTorch keeps it
    outside: v = mu * v + dw, w = w - lr * v. Same path while lr is constant, another velocity.)

    By hand, with w = 1, dw = 2, v = 0.5, lr = 0.1, mu = 0.9: the new v is 0.9*0.5 - 0.1*2 = 0.25, the new w 1.25.

    >>> w, v = momentum_step(np.array([1.0]), np.array([2.0]), np.array([0.5]), lr=0.1)
    >>> v, w
    (array([0.25]), array([1.25]))
    """
    raise NotImplementedError("write momentum_step")
