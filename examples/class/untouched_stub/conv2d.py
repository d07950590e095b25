"""Convolution layer.

A dense layer gives every pixel its own weight. A convolution uses one small kernel at every place of the image
instead: few parameters, shared everywhere, and each output sees only its own neighbourhood. A filter is as deep as
the image, so its window is a box of KH x KW x C numbers; N filters give N output channels. Backward asks the same
question three times: which windows did this pixel, this weight, this bias take part in?
"""

# Check it:  handgrad check conv2d

import numpy as np


def conv2d_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray, *, stride: int = 1, pad: int = 0) -> np.ndarray:
    """Slide every filter over every image.

    x (B, H, W, C) images, w (KH, KW, C, N) filters, b (N,) biases. Returns out (B, H', W', N):

        out[b, i, j, n] = bias[n] + sum over p, q, c of padded[b, i*stride + p, j*stride + q, c] * w[p, q, c, n]
        H' = (H + 2*pad - KH) // stride + 1        W' = (W + 2*pad - KW) // stride + 1

    `padded` is x with `pad` rows and columns of zeros on each side of the image (not of the batch, not of the
    channels). The kernel is not flipped, which mathematicians call cross-correlation. Images and kernels need not be
    square. `//` rounds down: a last window that does not fit whole is left out. Do not change x, w or b.

    By hand, one image, one channel, one 2 x 2 filter with bias 10: the first window is 1, 2, 4, 5 and gives
    1*1 + 2*0 + 4*0 + 5*2 + 10 = 21, the second gives 2*1 + 3*0 + 5*0 + 6*2 + 10 = 24.

    >>> x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).reshape(1, 2, 3, 1)
    >>> w = np.array([[1.0, 0.0], [0.0, 2.0]]).reshape(2, 2, 1, 1)
    >>> conv2d_forward(x, w, np.array([10.0])).reshape(1, 2)
    array([[21., 24.]])
    """
    raise NotImplementedError("write conv2d_forward")


def conv2d_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray, *, stride: int = 1, pad: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Carry the gradient of the loss from the output back to x, w and b.

    dout (B, H', W', N) is the gradient for forward's output; the other arguments are exactly forward's. Returns
    (dx, dw, db), shaped as x, w and b. Each product `pixel * weight` in forward's sum gives to both of its factors:

        db[n]          = sum over b, i, j of dout[b, i, j, n]
        dw[p, q, c, n] = sum over b, i, j of dout[b, i, j, n] * padded[b, i*stride + p, j*stride + q, c]
        dx             : every dout[b, i, j, n] adds dout[b, i, j, n] * w[:, :, :, n] to the window it came from;
                         what fell on the padding is thrown away

    Overlapping windows share pixels, so their contributions add up. A pixel no window saw has gradient 0. Do not
    change dout, x, w or b.

    By hand, for forward's example with dout = 1, 10: the bias gets 1 + 10 = 11; the top left weight met the pixels 1
    and 2 and gets 1*1 + 10*2 = 21; the pixel 5 was at the bottom right of the first window and at the bottom left
    of the second and gets 1*2 + 10*0 = 2.

    >>> x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).reshape(1, 2, 3, 1)
    >>> w = np.array([[1.0, 0.0], [0.0, 2.0]]).reshape(2, 2, 1, 1)
    >>> dx, dw, db = conv2d_backward(np.array([1.0, 10.0]).reshape(1, 1, 2, 1), x, w, np.array([10.0]))
    >>> dx.reshape(2, 3)
    array([[ 1., 10.,  0.],
           [ 0.,  2., 20.]])
    >>> dw.reshape(2, 2)
    array([[21., 32.],
           [54., 65.]])
    >>> db
    array([11.])
    """
    raise NotImplementedError("write conv2d_backward")
