import numpy as np


def conv2d_forward(x, w, b, *, stride=1, pad=0):
    B, H, W, C = x.shape
    KH, KW, _, N = w.shape
    if pad != 0:
        x_pad = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant', constant_values=0)
    H_new = int((H + 2 * pad - KH) / stride + 1)
    W_new = int((W + 2 * pad - KW) / stride + 1)
    out = np.zeros((B, H_new, W_new, N))
    for num in range(B):
        for f in range(N):
            for height in range(H_new):
                for width in range(W_new):
                    start_h = stride * height
                    start_w = stride * width
                    patch = x_pad[num, start_h:start_h + KH, start_w:start_w + KW, :]
                    out[num, height, width, f] = np.sum(patch * w[:, :, :, f]) + b[f]
    return out


def conv2d_backward(dout, x, w, b, *, stride=1, pad=0):
    B, H, W, C = x.shape
    KH, KW, _, N = w.shape
    dw = np.zeros(w.shape)
    db = np.zeros(b.shape)
    if pad != 0:
        x_pad = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant', constant_values=0)
    dx_pad = np.zeros(x_pad.shape)
    for num in range(B):
        for f in range(N):
            for height in range(dout.shape[1]):
                for width in range(dout.shape[2]):
                    hs, ws = stride * height, stride * width
                    g = dout[num, height, width, f]
                    dx_pad[num, hs:hs + KH, ws:ws + KW, :] += w[:, :, :, f] * g
                    dw[:, :, :, f] += x_pad[num, hs:hs + KH, ws:ws + KW, :] * g
                    db[f] += g
    dx = dx_pad[:, pad:pad + H, pad:pad + W, :]
    return dx, dw, db
