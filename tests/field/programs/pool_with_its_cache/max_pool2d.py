import numpy as np


def max_pool2d_forward(x, *, window, stride):
    out = None
    N, H, W, C = x.shape
    h = 1 + (H - window) // stride
    w = 1 + (W - window) // stride
    out = np.zeros((N, h, w, C))
    for i in range(h):
        for j in range(w):
            out[:, i, j] = x[:, i * stride:i * stride + window, j * stride:j * stride + window].max(axis=(1, 2))
    cache = (x, window, stride)
    return out, cache


def max_pool2d_backward(dout, x, *, window, stride):
    dx = np.zeros(x.shape)
    N, h, w, C = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(h):
                for j in range(w):
                    patch = x[n, i * stride:i * stride + window, j * stride:j * stride + window, c]
                    r, s = np.unravel_index(np.argmax(patch), patch.shape)
                    dx[n, i * stride + r, j * stride + s, c] += dout[n, i, j, c]
    return dx
