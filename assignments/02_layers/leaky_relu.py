"""Leaky ReLU.

A ReLU whose inputs are all negative passes nothing on and gets no gradient, so its own weights cannot bring it back:
it is called dead. Leaky ReLU lets a little through on the negative side, so that the gradient there is small instead
of zero. `slope` says how little; it is a hyperparameter, and with slope 0 this is ReLU.
"""

# Check it:  handgrad check leaky_relu

import numpy as np


def leaky_relu_forward(x: np.ndarray, *, slope: float = 0.01) -> np.ndarray:
    """Multiply every negative entry by slope.

    x has any shape, slope lies in [0, 1]. Returns out of the same shape, a new array (x stays as it is):

        out = x            where x > 0
        out = slope * x    elsewhere

    >>> leaky_relu_forward(np.array([[-2.0, 0.0, 3.0]]), slope=0.25)
    array([[-0.5,  0. ,  3. ]])
    """
    raise NotImplementedError("write leaky_relu_forward")


def leaky_relu_backward(dout: np.ndarray, x: np.ndarray, *, slope: float = 0.01) -> np.ndarray:
    """Carry the gradient of the loss from the output back to x.

    dout is the gradient for forward's output; x and slope are exactly forward's. Returns dx of the shape of x, a new
    array (dout and x stay as they are):

        dx = dout            where x > 0
        dx = slope * dout    elsewhere

    At exactly x = 0 the graph has a corner and no derivative; by convention we take the slope of the negative side
    (any slope in [slope, 1] is a subgradient, and is accepted). What decides is the sign of x, never that of dout.

    >>> leaky_relu_backward(np.array([[8.0, -8.0, 7.0]]), np.array([[-2.0, -1.0, 3.0]]), slope=0.25)
    array([[ 2., -2.,  7.]])
    """
    raise NotImplementedError("write leaky_relu_backward")
