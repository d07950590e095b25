import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def windows_of(x, window, stride):
    v = sliding_window_view(x, (window, window), axis=(1, 2))[:, ::stride, ::stride]
    return v.reshape(*v.shape[:4], window * window)


def max_pool2d_forward(x, *, window, stride):
    return np.sort(windows_of(x, window, stride), axis=-1)[..., -1]


def max_pool2d_backward(dout, x, *, window, stride):
    v = windows_of(x, window, stride)
    last = np.argsort(v, axis=-1, kind='stable')[..., -1]
    b, i, j, c = np.indices(dout.shape)
    dx = np.zeros(x.shape)
    np.add.at(dx, (b, i * stride + last // window, j * stride + last % window, c), dout)
    return dx
