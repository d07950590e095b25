import numpy as np


def conv2d_forward(x, w, b, *, stride=1, pad=0):
    N, H, W, C = x.shape
    HH, WW, C, F = w.shape
    Hout = (H + 2 * pad - HH) / stride + 1
    Wout = (W + 2 * pad - WW) / stride + 1
    xPad = np.pad(x, ((0,), (pad,), (pad,), (0,)), mode='constant', constant_values=0)
    out = np.zeros((N, Hout, Wout, F))
    for i in range(Hout):
        for j in range(Wout):
            block = xPad[:, i * stride:i * stride + HH, j * stride:j * stride + WW, :]
            out[:, i, j, :] = np.tensordot(block, w, axes=3) + b
    return out


def conv2d_backward(dout, x, w, b, *, stride=1, pad=0):
    N, H, W, C = x.shape
    HH, WW, C, F = w.shape
    Hout = (H + 2 * pad - HH) / stride + 1
    Wout = (W + 2 * pad - WW) / stride + 1
    xPad = np.pad(x, ((0,), (pad,), (pad,), (0,)), mode='constant', constant_values=0)
    dxPad = np.zeros_like(xPad)
    dw = np.zeros_like(w)
    db = np.zeros_like(b)
    for i in range(Hout):
        for j in range(Wout):
            block = xPad[:, i * stride:i * stride + HH, j * stride:j * stride + WW, :]
            for n in range(N):
                for f in range(F):
                    delta = dout[n, i, j, f]
                    dw[:, :, :, f] += block[n] * delta
                    dxPad[n, i * stride:i * stride + HH, j * stride:j * stride + WW] += w[:, :, :, f] * delta
                    db[f] += delta
    dx = dxPad[:, pad:pad + H, pad:pad + W, :]
    return dx, dw, db
