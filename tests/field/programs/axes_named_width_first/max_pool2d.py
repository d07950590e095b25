import numpy as np


def max_pool2d_forward(x, *, window, stride):
    batch_size, height, width, channels = x.shape
    out_height = (height - window) // stride + 1
    out_width = (width - window) // stride + 1
    Y = np.zeros(shape=(batch_size, out_width, out_height, channels))
    for i in range(out_width):
        left_x = stride * i
        right_x = left_x + window
        for j in range(out_height):
            left_y = stride * j
            right_y = left_y + window
            field = x[:, left_x:right_x, left_y:right_y, :]
            Y[:, i, j, :] = np.max(field, axis=(1, 2))
    return Y


def max_pool2d_backward(dout, x, *, window, stride):
    grad = np.zeros(x.shape)
    _, out_height, out_width, channels = dout.shape
    for i in range(out_height):
        for j in range(out_width):
            f = x[:, i * stride:i * stride + window, j * stride:j * stride + window, :]
            mask = (f == f.max(axis=(1, 2), keepdims=True)).astype(float)
            mask /= mask.sum(axis=(1, 2), keepdims=True)
            grad[:, i * stride:i * stride + window, j * stride:j * stride + window, :] += mask * dout[:, i:i + 1, j:j + 1, :]
    return grad
