"""Tied autoencoder: repair its backward.

An autoencoder squeezes its input into a few numbers and unfolds them again. Tying its weights means that the way out
uses the same matrix as the way in, transposed: half the parameters, and one array that stands in the graph twice. Like
every fan-out it collects a gradient from each place where it is used.

Its backward is given, runs, and returns arrays of the right shapes. There are two bugs in it.
"""

# Check it:  handgrad check repair_tied_autoencoder

import numpy as np


def tied_autoencoder_backward(dout: np.ndarray, x: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Carry the gradient back through a tied autoencoder. The code below has two bugs: find and repair them.

    x is (B, D), w is (D, M). Forward is

        h = tanh(x @ w)
        out = h @ w.T

    dout (B, D) is the gradient of the loss for out. Returns (dx, dw), shaped as x and w. Sums over the batch, no
    averages. Do not change the inputs.

    Delete the line that raises. Draw the graph of forward, with one arrow for every use of x and of w, and follow the
    arrows back: how many end at w? Then one number per array (B = D = M = 1) is enough to write the derivative down by
    hand; take an h that is not near 0, where slopes that are wrong still look right.

    By hand, with x = 1 and w = log 2, for which h is 0.6 and its slope 1 - 0.36 = 0.64, and dout = 10: on the way in
    10 * log 2 * 0.64 arrives at the sum, so dx is that times log 2, about 3.07. To dw the way in brings 4.44 and the
    way out brings dout * h = 6.

    >>> dx, dw = tied_autoencoder_backward(np.array([[10.0]]), np.array([[1.0]]), np.array([[np.log(2.0)]]))
    >>> dx.round(2), dw.round(2)
    (array([[3.07]]), array([[10.44]]))
    """
    raise NotImplementedError("write tied_autoencoder_backward")
    # Two bugs are below. Find them, repair them, and delete the line above.
    h = np.tanh(x @ w)
    dh = dout @ w
    ds = dh * (1 - np.tanh(h) ** 2)
    dx = ds @ w.T
    dw = x.T @ ds
    return dx, dw
