"""Translation: what an output does when the image moves.

The third key idea of convolutional networks. A convolution treats every place alike, so when an object moves, its
response moves along: that is equivariance. Pooling keeps the largest number of a window, so when an object moves a
little, many outputs stay what they were: that is (almost) invariance. Both are measured here, on one channel.
"""

# Check it:  handgrad check translation

import numpy as np


def translate(x: np.ndarray, dy: int, dx: int) -> np.ndarray:
    """Move an image down by dy pixels and to the right by dx pixels.

    x (H, W). dy and dx are of any sign and size; negative ones move up and to the left. What leaves the frame is lost,
    and zeros come in on the other side. Returns a new array, shaped as x:

        out[i, j] = x[i - dy, j - dx]        where that pixel exists, else 0

    >>> translate(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), 1, -1)
    array([[0., 0., 0.],
           [2., 3., 0.]])
    """
    raise NotImplementedError("write translate")


def equivariance_error(x: np.ndarray, w: np.ndarray, dy: int, dx: int) -> float:
    """Measure how far a convolution is from moving along with its image.

    x (H, W) is the image and w (KH, KW) the kernel, laid on as it is, with stride 1 and no padding:

        correlate(x)[i, j] = sum over p, q of x[i + p, j + q] * w[p, q]        (H - KH + 1, W - KW + 1)

    Move the image and correlate, or correlate and move the output, by the same (dy, dx) with zeros coming in. Returns
    the largest difference between the two, as a float, over all outputs:

        max of |correlate(translate(x)) - translate(correlate(x))|

    If the first and the last KH - 1 rows and KW - 1 columns of x are 0, the error is 0, whatever the move. Otherwise it
    need not be: at the border a window sees, after the move, what was cut off before. You may call your own translate.
    Do not change x or w.

    By hand, with w = 2, 1 and a move to the right: x = 0, 0, 3, 0, 0, 0 has the outputs 0, 3, 6, 0, 0, and they move
    along. x = 3, 0, 0, 0 has the outputs 6, 0, 0; moved, it has 3, 6, 0, but the moved outputs are 0, 6, 0.

    >>> w = np.array([[2.0, 1.0]])
    >>> equivariance_error(np.array([[0.0, 0.0, 3.0, 0.0, 0.0, 0.0]]), w, 0, 1)
    0.0
    >>> equivariance_error(np.array([[3.0, 0.0, 0.0, 0.0]]), w, 0, 1)
    3.0
    """
    raise NotImplementedError("write equivariance_error")


def pool_invariance(x: np.ndarray, dy: int, dx: int, *, window: int, stride: int) -> float:
    """Measure how much of a max pooling's output stays when its image moves.

    x (H, W). Pool x and pool the translated x, with windows of `window` x `window` pixels every `stride` pixels (a last
    window that does not fit whole is left out). Returns the share of outputs, from 0.0 to 1.0, that are the same number
    in both. You may call your own translate. Do not change x.

    By hand, the numbers 1 to 16 move to the left and zeros come in: [[6, 8], [14, 16]] becomes [[7, 8], [15, 16]], so
    two of four stay.

    >>> x = np.arange(1.0, 17.0).reshape(4, 4)
    >>> pool_invariance(x, 0, -1, window=2, stride=2)
    0.5
    """
    raise NotImplementedError("write pool_invariance")
