import numpy as np


def conv2d_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray, *, stride: int = 1, pad: int = 0) -> np.ndarray:
    KH, KW, C, N = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    H = (xp.shape[1] - KH) // stride + 1
    W = (xp.shape[2] - KW) // stride + 1
    out = np.zeros((x.shape[0], H, W, N))
    for i in range(KH):
        for j in range(KW):
            out += xp[:, i:i + stride * H:stride, j:j + stride * W:stride] @ w[i, j]
    return out + b


def conv2d_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray, *, stride: int = 1, pad: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    B, H, W, N = dout.shape
    KH, KW, C, N = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for i in range(KH):
        for j in range(KW):
            patch = (slice(None), slice(i, i + stride * H, stride), slice(j, j + stride * W, stride))
            dw[i, j] = xp[patch].reshape(-1, C).T @ dout.reshape(-1, N)
            dxp[patch] += dout @ w[i, j].T
    dx = dxp[:, pad:pad + x.shape[1], pad:pad + x.shape[2]]
    return dx, dw, dout.sum(axis=(0, 1, 2))
