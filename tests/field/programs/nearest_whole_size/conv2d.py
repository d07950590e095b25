import numpy as np


def conv2d_forward(x, w, b, *, stride=1, pad=0):
    n, h, v, c = x.shape
    kh, kw, _, f = w.shape
    out_h = int(round((h + 2 * pad - kh) / stride + 1))
    out_w = int(round((v + 2 * pad - kw) / stride + 1))
    canvas = np.zeros((n, h + 2 * pad + kh, v + 2 * pad + kw, c))
    canvas[:, pad:pad + h, pad:pad + v] = x
    out = np.zeros((n, out_h, out_w, f))
    for i in range(out_h):
        for j in range(out_w):
            patch = canvas[:, i * stride:i * stride + kh, j * stride:j * stride + kw]
            out[:, i, j] = patch.reshape(n, -1).dot(w.reshape(-1, f)) + b
    return out


def conv2d_backward(dout, x, w, b, *, stride=1, pad=0):
    n, h, v, c = x.shape
    kh, kw, _, f = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            sl = np.s_[:, i * stride:i * stride + kh, j * stride:j * stride + kw]
            dw += np.einsum('npqc,nf->pqcf', xp[sl], dout[:, i, j])
            dxp[sl] += np.einsum('nf,pqcf->npqc', dout[:, i, j], w)
    return dxp[:, pad:pad + h, pad:pad + v], dw, dout.sum(axis=(0, 1, 2))
