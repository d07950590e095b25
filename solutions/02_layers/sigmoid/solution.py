"""Sigmoid, the activation of the first multilayer perceptrons.

It presses any number into (0, 1): a smooth switch between off and on. Its slope is at most 1/4 and dies out on both
sides, which is why deep networks moved on to ReLU. Written as in the book, exp overflows for large negative numbers;
the result is right all the same, with a warning, but other ways to write the function end in nan. The trick is to let
exp see negative numbers only.
"""

import numpy as np


def sigmoid_forward(x: np.ndarray) -> np.ndarray:
    """Press every entry into (0, 1).

    x has any shape. Returns out of the same shape, a new array (x stays as it is):

        out = 1 / (1 + exp(-x))        for every entry

    No nan or inf may come out for any finite x, however large. How near out must come is an absolute distance:
    sigmoid(-40), which is 4e-18, may be 0. exp of more than 709 is inf, with a warning, and inf / inf is nan. The same
    function is also

        exp(x) / (1 + exp(x))        and        0.5 * tanh(x / 2) + 0.5

    By hand: exp(-log 3) is 1/3, so log 3 becomes 1 / (1 + 1/3) = 3/4, and -log 3 becomes 1 / (1 + 3) = 1/4.

    >>> sigmoid_forward(np.array([0.0, np.log(3.0), -np.log(3.0)])).round(12)
    array([0.5 , 0.75, 0.25])
    >>> sigmoid_forward(np.array([[1000.0], [-1000.0]]))
    array([[1.],
           [0.]])
    """
    # BEGIN SOLUTION
    decay = np.exp(-np.abs(x))  # at most 1, whatever x
    return np.where(x >= 0, 1.0, decay) / (1.0 + decay)
    # END SOLUTION


def sigmoid_backward(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Carry the gradient of the loss from the output back to x.

    dout is the gradient for forward's output; x is forward's input, not its output; both have the same shape. Returns
    dx of that shape, a new array (dout and x stay as they are):

        s  = sigmoid(x)
        dx = dout * s * (1 - s)        for every entry

    No nan or inf may come out for any finite x. By hand, at log 3: s = 3/4, so the slope is 3/4 * 1/4 = 0.1875.

    >>> sigmoid_backward(np.array([1.0, -2.0]), np.array([0.0, np.log(3.0)])).round(12)
    array([ 0.25 , -0.375])
    """
    # BEGIN SOLUTION
    decay = np.exp(-np.abs(x))  # the slope is the same at x and at -x
    return dout * decay / (1.0 + decay) ** 2
    # END SOLUTION
