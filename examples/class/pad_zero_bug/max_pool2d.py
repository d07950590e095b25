import numpy as np


def max_pool2d_forward(x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    B, H, W, C = x.shape
    H_out = (H - window) // stride + 1
    W_out = (W - window) // stride + 1
    out = np.zeros((B, H_out, W_out, C))
    for m in range(B):
        for i in range(H_out):
            for j in range(W_out):
                for c in range(C):
                    out[m, i, j, c] = np.max(x[m, i * stride:i * stride + window, j * stride:j * stride + window, c])
    return out


def max_pool2d_backward(dout: np.ndarray, x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    B, H, W, C = x.shape
    dx = np.zeros(x.shape)
    for m in range(B):
        for i in range(dout.shape[1]):
            for j in range(dout.shape[2]):
                for c in range(C):
                    patch = x[m, i * stride:i * stride + window, j * stride:j * stride + window, c]
                    p, q = np.unravel_index(np.argmax(patch), patch.shape)
                    dx[m, i * stride + p, j * stride + q, c] += dout[m, i, j, c]
    return dx
