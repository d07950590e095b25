"""A neuron with a smooth activation.

The perceptron's step is flat nearly everywhere: move a weight a little and nothing happens, so there is no slope to
follow downhill. Replace the step by the sigmoid, a curve from 0 to 1, and every weight has an effect that can be
measured. That is the one change that made networks of many neurons learnable.
"""

# Check it:  handgrad check neuron

import numpy as np


def neuron_forward(x: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    """Compute the neuron's output for every example.

    x (B, D), one example per row; w (D,) weights; b a number, the threshold that is added to the sum. Returns out
    (B,), also for B = 1:

        s[i]   = b + sum over d of x[i, d] * w[d]
        out[i] = sigmoid(s[i]) = 1 / (1 + exp(-s[i]))

    Do not change x or w.

    By hand, with w = 2, -1 and b = 0: both sums are 0, and sigmoid(0) = 1 / (1 + 1).

    >>> neuron_forward(np.array([[1.0, 2.0], [0.0, 0.0]]), np.array([2.0, -1.0]), 0.0)
    array([0.5, 0.5])
    """
    raise NotImplementedError("write neuron_forward")


def neuron_backward(dout: np.ndarray, x: np.ndarray, w: np.ndarray, b: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Carry the gradient of the loss from the output back to x, w and b.

    dout (B,) is the gradient for forward's output; the other arguments are exactly forward's. Returns (dx, dw, db):
    dx and dw shaped as x and w, db a number. First through the sigmoid, whose slope is told by its output:

        ds[i]    = dout[i] * out[i] * (1 - out[i])

    and then through the weighted sum, where all examples share w and b:

        dx[i, d] = ds[i] * w[d]
        dw[d]    = sum over i of ds[i] * x[i, d]
        db       = sum over i of ds[i]

    Sums over the batch, no averages. Do not change dout, x or w.

    By hand, for forward's example with dout = 8, 4: the slope at out = 0.5 is 0.5 * 0.5 = 0.25, so ds = 2, 1.

    >>> x, w = np.array([[1.0, 2.0], [0.0, 0.0]]), np.array([2.0, -1.0])
    >>> dx, dw, db = neuron_backward(np.array([8.0, 4.0]), x, w, 0.0)
    >>> dx
    array([[ 4., -2.],
           [ 2., -1.]])
    >>> dw, float(db)
    (array([2., 4.]), 3.0)
    """
    raise NotImplementedError("write neuron_backward")
