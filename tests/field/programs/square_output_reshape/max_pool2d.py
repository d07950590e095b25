import numpy as np


def max_pool2d_forward(x, *, window, stride):
    B, H, W, C = x.shape
    rows = (H - window) // stride + 1
    cols = (W - window) // stride + 1
    found = []
    for r in range(rows):
        for c in range(cols):
            part = x[:, r * stride:r * stride + window, c * stride:c * stride + window, :]
            found.append(part.reshape(B, -1, C).max(axis=1))
    return np.stack(found, axis=1).reshape(B, rows, rows, C)


def max_pool2d_backward(dout, x, *, window, stride):
    dx = np.zeros(x.shape)
    for b, r, c, k in np.ndindex(dout.shape):
        part = x[b, r * stride:r * stride + window, c * stride:c * stride + window, k]
        p, q = divmod(int(part.argmax()), window)
        dx[b, r * stride + p, c * stride + q, k] += dout[b, r, c, k]
    return dx
