import numpy as np


def frame(x, pad):
    return np.pad(x, [(0, 0), (pad, pad), (pad, pad), (0, 0)])


def conv2d_forward(x, w, b, *, stride=1, pad=0):
    kh, kw, _, n = w.shape
    big = frame(x, pad)
    h, v = (big.shape[1] - kh) // stride + 1, (big.shape[2] - kw) // stride + 1
    filters = w.reshape(-1, n)
    out = np.zeros((len(x), h, v, n))
    for i in range(h):
        for j in range(v):
            rows = big[:, i * stride:i * stride + kh, j * stride:j * stride + kw].reshape(len(x), -1)
            out[:, i, j] = rows @ filters + b
    return out


def conv2d_backward(dout, x, w, b, *, stride=1, pad=0):
    kh, kw, c, n = w.shape
    big = frame(x, pad)
    dbig = np.zeros(big.shape)
    filters = w.reshape(-1, n)
    dfilters = np.zeros(filters.shape)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            g = dout[:, i, j]
            rows = big[:, i * stride:i * stride + kh, j * stride:j * stride + kw].reshape(len(x), -1)
            dfilters += rows.T @ g
            dbig[:, i * stride:i * stride + kh, j * stride:j * stride + kw] += (g @ filters.T).reshape(-1, kh, kw, c)
    return dbig[:, pad:-pad, pad:-pad], dfilters.reshape(w.shape), dout.sum(axis=(0, 1, 2))
