import numpy as np


def _span(p, n, stride):
    return slice(p, p + (n - 1) * stride + 1, stride)


def conv1d_forward(x, w, b, *, stride=1, pad=0):
    k = w.shape[0]
    xp = np.concatenate([np.zeros((len(x), pad, x.shape[2])), x, np.zeros((len(x), pad, x.shape[2]))], axis=1)
    n = (xp.shape[1] - k) // stride + 1
    return sum(xp[:, _span(p, n, stride)] @ w[p] for p in range(k)) + b


def conv1d_backward(dout, x, w, b, *, stride=1, pad=0):
    k, n = w.shape[0], dout.shape[1]
    xp = np.concatenate([np.zeros((len(x), pad, x.shape[2])), x, np.zeros((len(x), pad, x.shape[2]))], axis=1)
    dxp = np.zeros_like(xp)
    dw = np.stack([np.tensordot(xp[:, _span(p, n, stride)], dout, axes=([0, 1], [0, 1])) for p in range(k)])
    for p in range(k):
        dxp[:, _span(p, n, stride)] += dout @ w[p].T
    return dxp[:, pad:pad + x.shape[1]], dw, dout.sum(axis=(0, 1))
