"""Average pooling.

A window slides over the image and its pixels are replaced by their mean: smaller and smoother, and a shift of one
pixel hardly changes it. Every pixel of a window has a say, so every pixel gets the same share of the gradient back;
the pixels' own values play no part in it.
"""

# Check it:  handgrad check avg_pool2d

import numpy as np


def avg_pool2d_forward(x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    """Average each window of each channel.

    x (B, H, W, C). Returns out (B, H', W', C), a new array (x stays as it is):

        out[b, i, j, c] = mean of x[b, i*stride : i*stride + window, j*stride : j*stride + window, c]
        H' = (H - window) // stride + 1        W' = (W - window) // stride + 1

    Windows overlap when the stride is smaller than the window. `//` rounds down: a last window that does not fit
    whole is left out. Channels are not mixed.

    By hand: the windows are 1, 6, 4, 5 and 6, 3, 5, 10, with means 16/4 and 24/4.

    >>> x = np.array([[1.0, 6.0, 3.0], [4.0, 5.0, 10.0]]).reshape(1, 2, 3, 1)
    >>> avg_pool2d_forward(x, window=2, stride=1).reshape(1, 2)
    array([[4., 6.]])
    """
    raise NotImplementedError("write avg_pool2d_forward")


def avg_pool2d_backward(dout: np.ndarray, x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    """Carry the gradient of the loss from the output back to x.

    dout (B, H', W', C) is the gradient for forward's output; the other arguments are exactly forward's, and of x only
    the shape matters. Returns dx of the shape of x, a new array (dout and x stay as they are): every window gives each
    of its window * window pixels the share

        dout[b, i, j, c] / (window * window)

    A pixel that lies in several windows gets the sum of its shares; one that lies in none has gradient 0.

    By hand, for forward's example with dout = 4, 40: the left column lies in the first window only and gets 1, the
    right one in the second only and gets 10, the middle one in both.

    >>> x = np.array([[1.0, 6.0, 3.0], [4.0, 5.0, 10.0]]).reshape(1, 2, 3, 1)
    >>> dout = np.array([4.0, 40.0]).reshape(1, 1, 2, 1)
    >>> avg_pool2d_backward(dout, x, window=2, stride=1).reshape(2, 3)
    array([[ 1., 11., 10.],
           [ 1., 11., 10.]])
    """
    raise NotImplementedError("write avg_pool2d_backward")
