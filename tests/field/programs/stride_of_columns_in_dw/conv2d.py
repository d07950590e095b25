import numpy as np


def conv2d_forward(x, w, b, *, stride=1, pad=0):
    N, H, W, C = x.shape
    HH, WW, C, F = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    oh = (H + 2 * pad - HH) // stride + 1
    ow = (W + 2 * pad - WW) // stride + 1
    out = np.zeros((N, oh, ow, F))
    for k in range(oh):
        for l in range(ow):
            out[:, k, l] = np.tensordot(xp[:, k * stride:k * stride + HH, l * stride:l * stride + WW], w, 3) + b
    return out


def conv2d_backward(dout, x, w, b, *, stride=1, pad=0):
    N, H, W, C = x.shape
    HH, WW, C, F = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    _, oh, ow, _ = dout.shape
    dw = np.zeros(w.shape)
    dxp = np.zeros(xp.shape)
    for k in range(oh):
        for l in range(ow):
            d = dout[:, k, l]
            dw += np.tensordot(xp[:, k * stride:k * stride + HH, l:l + WW], d, axes=(0, 0))
            dxp[:, k * stride:k * stride + HH, l * stride:l * stride + WW] += np.tensordot(d, w, axes=(1, 3))
    return dxp[:, pad:H + pad, pad:W + pad], dw, dout.sum((0, 1, 2))
