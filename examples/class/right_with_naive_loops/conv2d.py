import numpy as np


def conv2d_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray, *, stride: int = 1, pad: int = 0) -> np.ndarray:
    B, H, W, C = x.shape
    KH, KW, _, N = w.shape
    H_out = (H + 2 * pad - KH) // stride + 1
    W_out = (W + 2 * pad - KW) // stride + 1
    x_pad = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="constant")
    out = np.zeros((B, H_out, W_out, N))
    for m in range(B):
        for i in range(H_out):
            for j in range(W_out):
                window = x_pad[m, i * stride:i * stride + KH, j * stride:j * stride + KW, :]
                for n in range(N):
                    out[m, i, j, n] = np.sum(window * w[:, :, :, n]) + b[n]
    return out


def conv2d_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray, *, stride: int = 1, pad: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    B, H, W, C = x.shape
    KH, KW, _, N = w.shape
    x_pad = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode="constant")
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros_like(w)
    db = np.zeros_like(b)
    for m in range(B):
        for i in range(dout.shape[1]):
            for j in range(dout.shape[2]):
                hs, ws = i * stride, j * stride
                for n in range(N):
                    g = dout[m, i, j, n]
                    db[n] += g
                    dw[:, :, :, n] += x_pad[m, hs:hs + KH, ws:ws + KW, :] * g
                    dx_pad[m, hs:hs + KH, ws:ws + KW, :] += w[:, :, :, n] * g
    return dx_pad[:, pad:pad + H, pad:pad + W, :], dw, db
