"""Cross-correlation in two dimensions: the convolution layer's heart, with one image, one channel and one kernel.

A small kernel slides over the image; at each place the pixels under it are multiplied with it, entry by entry, and
the products are added up. Deep learning calls this convolution. Mathematics turns the kernel by 180 degrees first and
calls the version without turning cross-correlation; as the kernel is learned, it does not matter which.
"""

# Check it:  handgrad check cross_correlate2d

import numpy as np


def cross_correlate2d(x: np.ndarray, k: np.ndarray, *, stride: int = 1, pad: int = 0) -> np.ndarray:
    """Slide the kernel over the image.

    x (H, W) image, k (KH, KW) kernel. Returns out (H', W'):

        out[i, j] = sum over p, q of padded[i*stride + p, j*stride + q] * k[p, q]
        H' = (H + 2*pad - KH) // stride + 1        W' = (W + 2*pad - KW) // stride + 1

    `padded` is x with `pad` rows and columns of zeros on each side. The kernel is not turned. Images and kernels need
    not be square. `//` rounds down: a last window that does not fit whole is left out. Do not change x or k.

    By hand: the first window is 1, 2, 4, 5 and gives 1*1 + 2*0 + 4*0 + 5*2 = 11, the second is
    2, 3, 5, 6 and gives 2*1 + 3*0 + 5*0 + 6*2 = 14.

    >>> x, k = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([[1.0, 0.0], [0.0, 2.0]])
    >>> cross_correlate2d(x, k)
    array([[11., 14.]])
    >>> cross_correlate2d(x, k, stride=2, pad=1)
    array([[2., 6.],
           [0., 5.]])
    """
    raise NotImplementedError("write cross_correlate2d")
