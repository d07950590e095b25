"""Max pooling layer.

A window slides over the image and keeps only the largest number it sees, in every channel by itself: the image
shrinks, and a small shift of the picture changes little. There is nothing to learn here, so backward has a single
question: which pixel was it? That pixel alone mattered, so it alone receives the gradient of its window.
"""

# Check it:  handgrad check max_pool2d

import numpy as np


def max_pool2d_forward(x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    """Keep the maximum of every window.

    x (B, H, W, C). The window is `window` x `window` pixels and moves by `stride`. Returns out (B, H', W', C):

        out[b, i, j, c] = max of x[b, i*stride : i*stride + window, j*stride : j*stride + window, c]
        H' = (H - window) // stride + 1        W' = (W - window) // stride + 1

    `//` rounds down: a last window that does not fit whole is left out. There is no padding. Windows overlap when
    stride < window. Do not change x.

    The lecture's example, window 2 and stride 1:

    >>> x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]).reshape(1, 3, 3, 1)
    >>> max_pool2d_forward(x, window=2, stride=1).reshape(2, 2)
    array([[5., 6.],
           [8., 9.]])
    """
    raise NotImplementedError("write max_pool2d_forward")


def max_pool2d_backward(dout: np.ndarray, x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    """Carry the gradient of the loss from the output back to x.

    dout (B, H', W', C) is the gradient for forward's output; the other arguments are exactly forward's. Returns dx,
    shaped as x: every window adds its dout to the pixel that was its maximum, and nothing to the others. A pixel
    that is the maximum of several windows collects from all of them; a pixel that is none's has gradient 0.

    When several pixels tie for a window's maximum, share its dout among them as you like, as long as the shares sum
    to it: all of it to one of them is fine, all of it to each of them is not. Do not change dout or x.

    By hand, window 2 and stride 1: the first window's maximum is the 6, the second's is the same 6, so it gets 1 + 10.

    >>> x = np.array([[1.0, 6.0, 3.0], [4.0, 5.0, 2.0]]).reshape(1, 2, 3, 1)
    >>> dout = np.array([1.0, 10.0]).reshape(1, 1, 2, 1)
    >>> max_pool2d_backward(dout, x, window=2, stride=1).reshape(2, 3)
    array([[ 0., 11.,  0.],
           [ 0.,  0.,  0.]])
    """
    raise NotImplementedError("write max_pool2d_backward")
