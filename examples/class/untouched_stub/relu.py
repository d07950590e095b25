"""ReLU, the rectified linear unit.

Layers of linear functions alone collapse into one linear function; an activation between them prevents it. ReLU is
the simplest one in use: it lets positive numbers through and stops the others. Backward is a gate with the same
setting: where the number went through, its gradient comes back unchanged; where it was stopped, nothing comes back.
"""

# Check it:  handgrad check relu

import numpy as np


def relu_forward(x: np.ndarray) -> np.ndarray:
    """Replace every negative entry by zero.

    x has any shape. Returns out of the same shape, a new array (x stays as it is):

        out = max(x, 0)        for every entry

    >>> relu_forward(np.array([[-2.0, 0.0, 3.0]]))
    array([[0., 0., 3.]])
    """
    raise NotImplementedError("write relu_forward")


def relu_backward(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Carry the gradient of the loss from the output back to x.

    dout is the gradient for forward's output; x is forward's input; both have the same shape. Returns dx of that
    shape, a new array (dout and x stay as they are):

        dx = dout where x > 0, else 0        for every entry

    At exactly x = 0 the graph has a corner and no derivative; by convention we take 0 there (any slope in [0, 1] is
    a subgradient, and is accepted). What decides is the sign of x, never that of dout.

    >>> relu_backward(np.array([[5.0, -6.0, 7.0, -8.0]]), np.array([[-2.0, -1.0, 3.0, 4.0]])) + 0.0
    array([[ 0.,  0.,  7., -8.]])
    """
    raise NotImplementedError("write relu_backward")
