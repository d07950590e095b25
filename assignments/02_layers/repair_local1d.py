"""Locally connected layer: repair its backward.

A convolution looks at windows and uses one kernel for all of them. A locally connected layer looks at the same windows
and has a kernel for each place: local connections without shared parameters, the step between dense and conv1d. Faces,
where the eyes are always above the mouth, were its time.

Its backward is given, runs, and returns arrays of the right shapes. There are two bugs in it, and each of them hides
where the other one shows.
"""

# Check it:  handgrad check repair_local1d

import numpy as np


def local1d_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, *, stride: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Carry the gradient back through a locally connected layer. The code below has two bugs: find and repair them.

    x (B, L, C) holds B rows of L places with C channels. w (P, k, C, N) holds one kernel of width k for each of the
    P = (L - k) // stride + 1 windows; window p begins at place p * stride. Forward is

        out[b, p, n] = sum over i, c of x[b, p * stride + i, c] * w[p, i, c, n]

    dout (B, P, N) is the gradient of the loss for out. Returns (dx, dw), shaped as x and w. A place that lies in
    several windows gets a share from each; one that lies in none gets 0. A kernel belongs to one window only. No
    averages. Do not change the inputs.

    Delete the line that raises, then try the smallest inputs by hand, one circumstance at a time: windows that touch
    but do not overlap (stride = k), then windows that overlap (stride = 1, k = 2), then both a stride and an overlap
    (stride = 2, k = 3). A check that passes on one of them has not said anything about the others.

    By hand, with one channel, one filter, x = 1, 2, 3 and k = 2, so that two windows overlap in the middle: kernels 1,
    10 and 100, 1000 and dout = 1, 2 give dx = 1, 10 + 200, 2000. dw is 1*1, 1*2 for the first window and 2*2, 2*3 for
    the second.

    >>> x = np.array([1.0, 2.0, 3.0]).reshape(1, 3, 1)
    >>> w = np.array([[1.0, 10.0], [100.0, 1000.0]]).reshape(2, 2, 1, 1)
    >>> dx, dw = local1d_backward(np.array([1.0, 2.0]).reshape(1, 2, 1), x, w)
    >>> dx.ravel()
    array([1.0e+00, 2.1e+02, 2.0e+03])
    >>> dw.reshape(2, 2)
    array([[1., 2.],
           [4., 6.]])
    """
    raise NotImplementedError("write local1d_backward")
    # Two bugs are below. Find them, repair them, and delete the line above.
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    places, k = w.shape[:2]
    for p in range(places):
        start = p * stride
        dx[:, start : start + k] = np.einsum("bn,kcn->bkc", dout[:, p], w[p])
        dw[p] = np.einsum("bkc,bn->kcn", x[:, p : p + k], dout[:, p])
    return dx, dw
