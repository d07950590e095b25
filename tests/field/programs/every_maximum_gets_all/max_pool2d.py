import numpy as np


def max_pool2d_forward(x, *, window, stride):
    N, H, W, C = x.shape
    H_new = (H - window) // stride + 1
    W_new = (W - window) // stride + 1
    out = np.zeros((N, H_new, W_new, C))
    for height in range(H_new):
        for width in range(W_new):
            start_h = stride * height
            start_w = stride * width
            x_masked = x[:, start_h:start_h + window, start_w:start_w + window, :]
            out[:, height, width, :] = np.max(x_masked, axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, *, window, stride):
    dx = np.zeros_like(x)
    for height in range(dout.shape[1]):
        for width in range(dout.shape[2]):
            start_h = stride * height
            start_w = stride * width
            x_masked = x[:, start_h:start_h + window, start_w:start_w + window, :]
            max_x_masked = np.max(x_masked, axis=(1, 2))
            mask = (x_masked == max_x_masked[:, None, None, :])
            dx[:, start_h:start_h + window, start_w:start_w + window, :] += mask * dout[:, height, width, :][:, None, None, :]
    return dx
