import numpy as np


def border(x, p):
    return np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))


def conv2d_forward(x, w, b, *, stride=1, pad=0):
    fh, fw = w.shape[:2]
    xp = border(x, pad)
    nh = int((xp.shape[1] - fh) / stride) + 1
    nw = int((xp.shape[2] - fw) / stride) + 1
    z = np.zeros((x.shape[0], nh, nw, w.shape[3]))
    for r in range(nh):
        for s in range(nw):
            top, left = r * stride, s * stride
            view = xp[:, top:top + fh, left:left + fw, :]
            z[:, r, s, :] = np.einsum("bpqc,pqcn->bn", view, w) + b
    return z


def conv2d_backward(dout, x, w, b, *, stride=1, pad=0):
    fh, fw = w.shape[:2]
    xp = border(x, pad)
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for r in range(dout.shape[1]):
        for s in range(dout.shape[2]):
            top, left = r, s
            view = xp[:, top:top + fh, left:left + fw, :]
            g = dout[:, r, s, :]
            dw += np.einsum("bpqc,bn->pqcn", view, g)
            dxp[:, top:top + fh, left:left + fw, :] += np.einsum("bn,pqcn->bpqc", g, w)
    dx = dxp[:, pad:pad + x.shape[1], pad:pad + x.shape[2], :]
    return dx, dw, dout.sum(axis=(0, 1, 2))
