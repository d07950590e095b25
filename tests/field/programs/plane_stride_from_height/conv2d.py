import numpy as np


def conv2d_forward(x, w, b, *, stride=1, pad=0):
    N, H, W, C = x.shape
    wH, wW, C, F = w.shape
    pH = H + 2 * pad
    pW = W + 2 * pad
    oH = 1 + (pH - wH) // stride
    oW = 1 + (pW - wW) // stride
    x_p = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant')
    ind2d = (np.arange(wH) * pH)[:, None] + np.arange(wW)
    starts = (np.arange(oH) * pH * stride)[:, None] + np.arange(oW) * stride
    ind = starts.ravel()[:, None] + ind2d.ravel()[None, :]
    flat = x_p.reshape(N, pH * pW, C)
    x_col = np.take(flat, ind, axis=1, mode='clip')
    out_col = np.einsum('nokc,kcf->nof', x_col, w.reshape(wH * wW, C, F)) + b
    return out_col.reshape(N, oH, oW, F)


def conv2d_backward(dout, x, w, b, *, stride=1, pad=0):
    N, H, W, C = x.shape
    wH, wW, C, F = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for yy in range(dout.shape[1]):
        for xx in range(dout.shape[2]):
            rows = slice(yy * stride, yy * stride + wH)
            cols = slice(xx * stride, xx * stride + wW)
            d = dout[:, yy, xx]
            dxp[:, rows, cols] += np.tensordot(d, w, axes=(1, 3))
            dw += np.tensordot(xp[:, rows, cols], d, axes=(0, 0))
    return dxp[:, pad:pad + H, pad:pad + W], dw, dout.sum(axis=(0, 1, 2))
