import numpy as np


def get_indices(H, W, KH, KW, stride):
    oh = (H - KH) // stride + 1
    ow = (W - KW) // stride + 1
    i = np.repeat(np.arange(KH), KW)[None, :] + stride * np.repeat(np.arange(oh), ow)[:, None]
    j = np.tile(np.arange(KW), KH)[None, :] + stride * np.tile(np.arange(ow), oh)[:, None]
    return i, j, oh, ow


def conv2d_forward(x, w, b, *, stride=1, pad=0):
    KH, KW, C, N = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode='constant')
    i, j, oh, ow = get_indices(xp.shape[1], xp.shape[2], KH, KW, stride)
    cols = xp[:, i, j, :].reshape(len(x), oh * ow, KH * KW * C)
    return (cols @ w.reshape(-1, N) + b).reshape(len(x), oh, ow, N)


def conv2d_backward(dout, x, w, b, *, stride=1, pad=0):
    KH, KW, C, N = w.shape
    B, H, W, _ = x.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode='constant')
    i, j, oh, ow = get_indices(xp.shape[1], xp.shape[2], KH, KW, stride)
    cols = xp[:, i, j, :].reshape(B * oh * ow, KH * KW * C)
    d = dout.reshape(B * oh * ow, N)
    dw = (cols.T @ d).reshape(w.shape)
    dcols = (d @ w.reshape(-1, N).T).reshape(B, oh * ow, KH * KW, C)
    dxp = np.zeros(xp.shape)
    np.add.at(dxp, (slice(None), i, j, slice(None)), dcols)
    return dxp[:, pad:pad + H, pad:pad + W, :], dw, d.sum(axis=0)
