import numpy as np


def avg_pool2d_forward(x, *, window, stride):
    B, H, W, C = x.shape
    out_h = (H - window) // stride + 1
    out_w = (W - window) // stride + 1
    out = np.zeros((B, out_h, out_w, C))
    for i in range(out_h):
        for j in range(out_w):
            region = x[:, i * stride:i * stride + window, j * stride:j * stride + window, :]
            n = np.count_nonzero(region, axis=(1, 2))
            out[:, i, j, :] = region.sum(axis=(1, 2)) / np.maximum(n, 1)
    return out


def avg_pool2d_backward(dout, x, *, window, stride):
    dx = np.zeros_like(x)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            dx[:, i * stride:i * stride + window, j * stride:j * stride + window, :] += \
                dout[:, i, j, :][:, None, None, :] / (window * window)
    return dx
