import numpy as np


def max_pool2d_forward(x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    H = (x.shape[1] - window) // stride + 1
    W = (x.shape[2] - window) // stride + 1
    out = np.full((x.shape[0], H, W, x.shape[3]), -np.inf)
    for i in range(window):
        for j in range(window):
            out = np.maximum(out, x[:, i:i + stride * H:stride, j:j + stride * W:stride])
    return out


def max_pool2d_backward(dout: np.ndarray, x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    H, W = dout.shape[1:3]
    out = max_pool2d_forward(x, window=window, stride=stride)
    dx = np.zeros_like(x)
    left = np.ones(dout.shape, dtype=bool)
    for i in range(window):
        for j in range(window):
            patch = (slice(None), slice(i, i + stride * H, stride), slice(j, j + stride * W, stride))
            hit = (x[patch] == out) & left
            left &= ~hit
            dx[patch] += dout * hit
    return dx
