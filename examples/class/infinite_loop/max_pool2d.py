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
    dx = np.zeros_like(x)
    i = 0
    while i < H:
        j = 0
        while j < W:
            patch = x[:, i * stride:i * stride + window, j * stride:j * stride + window]
            mask = patch == patch.max(axis=(1, 2), keepdims=True)
            dx[:, i * stride:i * stride + window, j * stride:j * stride + window] += mask * dout[:, i:i + 1, j:j + 1]
            j += 1
    return dx
