"""The matrix that a convolution is.

A convolution is linear, so it is a matrix product like a dense layer's. Its matrix shows both ideas of convolution
at once: most entries are 0, because an output is connected to k neighbours only (sparse connections), and the others
are the same k numbers in every column (shared weights). A dense layer would have L * L' weights of its own there.
"""

# Check it:  handgrad check conv_matrix

import numpy as np


def conv_matrix(w: np.ndarray, length: int, *, stride: int = 1, pad: int = 0) -> np.ndarray:
    """Write the convolution with w as a matrix.

    w (k,) kernel, length is L, how long the sequences are. Returns matrix (L, L'), such that for every x (L,)

        x @ matrix = conv1d of x with the kernel w, no bias
        L' = (L + 2*pad - k) // stride + 1

    Column i belongs to output i and holds the kernel where its window lies, 0 elsewhere:

        matrix[i*stride + p - pad, i] = w[p]        for every p for which this is a row of the matrix

    Weights that would lie on the padding have no row: they only ever multiply zeros. Do not change w.

    By hand, five inputs and the kernel 1, 2, 3: the first window lies on the inputs 0, 1, 2, and each next one lies
    one further down.

    >>> conv_matrix(np.array([1.0, 2.0, 3.0]), 5)
    array([[1., 0., 0.],
           [2., 1., 0.],
           [3., 2., 1.],
           [0., 3., 2.],
           [0., 0., 3.]])
    >>> conv_matrix(np.array([1.0, 2.0, 3.0]), 4, stride=2, pad=1)
    array([[2., 0.],
           [3., 1.],
           [0., 2.],
           [0., 3.]])
    """
    raise NotImplementedError("write conv_matrix")
