import numpy as np


def im2col(A, fshape, stride=1):
    fh, fw = fshape
    m, n = A.shape
    rows, cols = m - fh + 1, n - fw + 1
    s0, s1 = A.strides
    view = np.lib.stride_tricks.as_strided(A, shape=(fh, fw, rows, cols), strides=(s0, s1, s0, s1))
    nh = (m - fh) // stride + 1
    nw = (n - fw) // stride + 1
    i = np.tile(np.arange(0, nw * stride, stride), nh) + np.repeat(np.arange(nh) * (rows * stride), nw)
    return view.reshape(fh * fw, -1)[:, i], nh, nw


def cross_correlate2d(x, k, *, stride=1, pad=0):
    padded = np.zeros((x.shape[0] + 2 * pad, x.shape[1] + 2 * pad))
    padded[pad:pad + x.shape[0], pad:pad + x.shape[1]] = x
    cols, nh, nw = im2col(padded, k.shape, stride)
    return np.dot(k.reshape(-1), cols).reshape(nh, nw)
