import numpy as np


def max_pool2d_forward(x, *, window, stride):
    batch_size, height, width, channels = x.shape
    out_height = (height - window) // stride + 1
    out_width = (width - window) // stride + 1
    out = np.zeros((batch_size, out_height, out_width, channels))
    for i in range(out_height):
        for j in range(out_width):
            win = x[:, i * stride:i * stride + window, j * stride:j * stride + window, :]
            out[:, i, j, :] = np.max(np.max(win, axis=1), axis=1)
    return out


def max_pool2d_backward(dout, x, *, window, stride):
    d_input = np.zeros_like(x)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            win = x[:, i * stride:i * stride + window, j * stride:j * stride + window, :]
            max_value = np.max(win, axis=(1, 2), keepdims=True)
            max_mask = np.isclose(win, max_value).astype(int)
            d_input[:, i * stride:i * stride + window, j * stride:j * stride + window, :] += max_mask * dout[:, i:i + 1, j:j + 1, :]
    return d_input
