import numpy as np


def _cells(n, window, stride):
    return [slice(k, k + window) for k in range(0, n - window + 1, stride)]


def max_pool2d_forward(x, *, window, stride):
    down, right = _cells(x.shape[1], window, stride), _cells(x.shape[2], window, stride)
    return np.stack([np.stack([x[:, r, s].max(axis=(1, 2)) for s in right], axis=1) for r in down], axis=1)


def max_pool2d_backward(dout, x, *, window, stride):
    down, right = _cells(x.shape[1], window, stride), _cells(x.shape[2], window, stride)
    dx = np.zeros_like(x)
    for i, r in enumerate(down):
        for j, s in enumerate(right):
            top = x[:, r, s].max(axis=(1, 2), keepdims=True)
            mask = x[:, r, s] == top
            dx[:, r, s] += mask * dout[:, i:i + 1, j:j + 1]
    return dx
