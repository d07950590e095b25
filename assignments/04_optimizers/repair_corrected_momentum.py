"""Momentum that knows its age: repair its step.

An average of gradients that starts at zero is too small at first: after one step with mu = 0.9 it holds a tenth of the
gradient. How much too small is known, for the weights of all gradients so far sum to 1 - mu^t. Dividing by that sum
makes the first step as large as any other. Adam does it twice; this is the half that you need to understand it.

The step is given, runs, and returns arrays of the right shapes. There are two bugs in it, and a loss that goes down
would show neither: both fade as t grows.
"""

# Check it:  handgrad check repair_corrected_momentum

import numpy as np


def corrected_momentum_step(
    w: np.ndarray, dw: np.ndarray, m: np.ndarray, *, lr: float, t: int, mu: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    """Make one step with a corrected average. The code below has two bugs: find and repair them.

    w is the parameter, dw its gradient, m the average of gradients so far, all of the same (any) shape; m starts at 0.
    t is the number of this step: 1 for the first. lr is the learning rate, mu in [0, 1) how much of the average is
    kept. Returns the new (w, m), two new arrays (w, dw and m stay as they are):

        m    = mu * m + (1 - mu) * dw
        mhat = m / (1 - mu^t)
        w    = w - lr * mhat

    What is kept for the next step is m, the plain average.

    Delete the line that raises. A gradient check cannot help, for nothing is differentiated. Instead choose numbers
    that you know the answer to: in the very first step mhat is dw, whatever mu is. Then do the second step by hand from
    the m that the first one returned. Small t is where such bugs live; at t = 100 you would not see them.

    By hand, with w = 1, dw = 2, m = 0, lr = 0.1, mu = 0.5 and t = 1: m is 1, mhat is 2, w is 0.8. With the same
    gradient again, t = 2: m is 1.5, mhat is 1.5 / 0.75 = 2, w is 0.6.

    >>> w, m = corrected_momentum_step(np.array([1.0]), np.array([2.0]), np.array([0.0]), lr=0.1, t=1, mu=0.5)
    >>> w, m
    (array([0.8]), array([1.]))
    >>> w, m = corrected_momentum_step(w, np.array([2.0]), m, lr=0.1, t=2, mu=0.5)
    >>> w.round(12), m
    (array([0.6]), array([1.5]))
    """
    raise NotImplementedError("write corrected_momentum_step")
    # Two bugs are below. Find them, repair them, and delete the line above.
    m = mu * m + (1 - mu) * dw
    mhat = m / (1 - mu ** (t + 1))
    return w - lr * mhat, mhat
