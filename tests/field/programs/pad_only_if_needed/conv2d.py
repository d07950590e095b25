import numpy as np


def conv2d_forward(x, w, b, *, stride=1, pad=0):
    kh, kw, _, n = w.shape
    if pad > 0:
        framed = np.zeros((x.shape[0], x.shape[1] + 2 * pad, x.shape[2] + 2 * pad, x.shape[3]))
        framed[:, pad:-pad, pad:-pad] = x
    h = (x.shape[1] + 2 * pad - kh) // stride + 1
    v = (x.shape[2] + 2 * pad - kw) // stride + 1
    out = np.zeros((len(x), h, v, n))
    for i in range(h):
        for j in range(v):
            field = framed[:, i * stride:i * stride + kh, j * stride:j * stride + kw]
            for f in range(n):
                out[:, i, j, f] = (field * w[..., f]).sum(axis=(1, 2, 3)) + b[f]
    return out


def conv2d_backward(dout, x, w, b, *, stride=1, pad=0):
    kh, kw, _, n = w.shape
    if pad > 0:
        framed = np.zeros((x.shape[0], x.shape[1] + 2 * pad, x.shape[2] + 2 * pad, x.shape[3]))
        framed[:, pad:-pad, pad:-pad] = x
    dframed = np.zeros(framed.shape)
    dw = np.zeros(w.shape)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            at = (slice(None), slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw))
            for f in range(n):
                g = dout[:, i, j, f].reshape(-1, 1, 1, 1)
                dw[..., f] += (framed[at] * g).sum(axis=0)
                dframed[at] += w[..., f] * g
    dx = dframed[:, pad:pad + x.shape[1], pad:pad + x.shape[2]]
    return dx, dw, dout.sum(axis=(0, 1, 2))
