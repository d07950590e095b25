"""Tanh, the hyperbolic tangent.

It has sigmoid's S shape, but runs from -1 to 1 and through the origin: activations are centred on 0, which the next
layer likes better, and the slope at 0 is 1 instead of 1/4. Far from 0 it is just as flat, so little gradient comes
back. Its slope is easiest to say in terms of its output.
"""

# Check it:  handgrad check tanh

import numpy as np


def tanh_forward(x: np.ndarray) -> np.ndarray:
    """Press every entry into (-1, 1).

    x has any shape. Returns out of the same shape, a new array (x stays as it is):

        out = (exp(x) - exp(-x)) / (exp(x) + exp(-x))        for every entry

    NumPy has it as np.tanh, which you may use. Written with exp as above it is nan beyond 710, where exp overflows:
    no case here exceeds 710, but sums in a network may.

    By hand, at log 2: exp(x) = 2 and exp(-x) = 1/2, so out is 1.5 / 2.5 = 0.6.

    >>> tanh_forward(np.array([[0.0, np.log(2.0), -np.log(2.0)]])).round(12) + 0.0
    array([[ 0. ,  0.6, -0.6]])
    """
    raise NotImplementedError("write tanh_forward")


def tanh_backward(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Carry the gradient of the loss from the output back to x.

    dout is the gradient for forward's output; x is forward's input, not its output; both have the same shape. Returns
    dx of that shape, a new array (dout and x stay as they are):

        y  = tanh(x)
        dx = dout * (1 - y²)        for every entry

    Where y rounds to 1 or -1, beyond about |x| = 19, dx may be 0.

    By hand, at log 2: y = 0.6, so the slope is 1 - 0.36 = 0.64.

    >>> tanh_backward(np.array([3.0, 10.0]), np.array([0.0, np.log(2.0)])).round(12)
    array([3. , 6.4])
    """
    raise NotImplementedError("write tanh_backward")
