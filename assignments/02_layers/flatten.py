"""Flatten.

Convolution and pooling layers speak in images, dense layers in rows of numbers. Between them every image is strung
out to one row. Nothing is computed and nothing is learned, yet the gradient has to find its way back: backward puts
each number where its input came from.
"""

# Check it:  handgrad check flatten

import numpy as np


def flatten_forward(x: np.ndarray) -> np.ndarray:
    """Make one row of numbers of each example.

    x (B, ...) such as images (B, H, W, C). Returns out (B, D), where D is how many numbers one example has, also for
    B = 1. The order within an example is the usual one, last axis fastest: for an image

        out[b, (i * W + j) * C + c] = x[b, i, j, c]

    whatever the memory order of x. A view of x may be returned; x stays as it is, shape included.

    >>> flatten_forward(np.array([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]))
    array([[1., 2., 3., 4.],
           [5., 6., 7., 8.]])
    """
    raise NotImplementedError("write flatten_forward")


def flatten_backward(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Carry the gradient of the loss from the output back to x.

    dout (B, D) is the gradient for forward's output; x is forward's input, of which only the shape matters. Returns
    dx of the shape of x: each number of dout, unchanged, at the place its input came from. A view of dout may be
    returned; dout and x stay as they are.

    >>> x = np.array([[[1.0, 2.0], [3.0, 4.0]]])
    >>> flatten_backward(np.array([[10.0, 20.0, 30.0, 40.0]]), x)
    array([[[10., 20.],
            [30., 40.]]])
    """
    raise NotImplementedError("write flatten_backward")
