import numpy as np


def patches(shape, KH, KW, stride):
    N, PH, PW, C = shape
    index = np.arange(N * PH * PW * C).reshape(shape)
    oh, ow = (PH - KH) // stride + 1, (PW - KW) // stride + 1
    cols = []
    for i in range(oh):
        for j in range(ow):
            cols.append(index[:, i * stride:i * stride + KH, j * stride:j * stride + KW, :].reshape(N, -1))
    return np.stack(cols, axis=1), oh, ow


def conv2d_forward(x, w, b, *, stride=1, pad=0):
    KH, KW, C, F = w.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    I, oh, ow = patches(xp.shape, KH, KW, stride)
    X_col = xp.ravel()[I]
    return (X_col @ w.reshape(-1, F) + b).reshape(len(x), oh, ow, F)


def conv2d_backward(dout, x, w, b, *, stride=1, pad=0):
    KH, KW, C, F = w.shape
    B, H, W, _ = x.shape
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    I, oh, ow = patches(xp.shape, KH, KW, stride)
    X_col = xp.ravel()[I]
    dY = dout.reshape(B, oh * ow, F)
    dw = np.tensordot(X_col, dY, axes=([0, 1], [0, 1])).reshape(w.shape)
    db = dY.sum(axis=(0, 1))
    dX = np.zeros(xp.shape)
    dX_col = dY @ w.reshape(-1, F).T
    np.add.at(dX.flatten(), I, dX_col)
    return dX[:, pad:pad + H, pad:pad + W, :], dw, db
