import numpy as np


def avg_pool2d_forward(x, *, window, stride):
    batch, height, width, ch = x.shape
    new_h = (height - window) // stride + 1
    new_w = (width - window) // stride + 1
    out = np.empty((batch, new_h, new_w, ch))
    for b in range(batch):
        for i in range(new_h):
            for j in range(new_w):
                for c in range(ch):
                    x_i = i * stride
                    x_j = j * stride
                    out[b, i, j, c] = np.mean(x[b, x_i:x_i + window, x_j:x_j + window, c])
    return out


def avg_pool2d_backward(dout, x, *, window, stride):
    batch, new_h, new_w, ch = dout.shape
    dx = np.zeros(x.shape)
    for b in range(batch):
        for i in range(new_h):
            for j in range(new_w):
                for c in range(ch):
                    average = dout[b, i, j, c] / window
                    dx[b, i * stride:i * stride + window, j * stride:j * stride + window, c] += np.ones((window, window)) * average
    return dx
