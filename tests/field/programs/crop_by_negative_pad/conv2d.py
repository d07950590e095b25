import numpy as np


def conv2d_forward(x, w, b, *, stride=1, pad=0):
    N, H, W, C = x.shape
    HH, WW, _, F = w.shape
    H_new = 1 + (H + 2 * pad - HH) // stride
    W_new = 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, H_new, W_new, F))
    for _n in range(N):
        img_padded = np.pad(x[_n], ((pad, pad), (pad, pad), (0, 0)), 'constant')
        for _h in range(H_new):
            for _w in range(W_new):
                img_part = img_padded[_h * stride:_h * stride + HH, _w * stride:_w * stride + WW]
                out[_n, _h, _w] = np.dot(img_part.flatten(), w.reshape(-1, F)) + b
    return out


def conv2d_backward(dout, x, w, b, *, stride=1, pad=0):
    N, H, W, C = x.shape
    HH, WW, _, F = w.shape
    x_pad = np.pad(x, ((0,), (pad,), (pad,), (0,)), mode='constant')
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros_like(w)
    db = np.sum(dout, axis=(0, 1, 2))
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            masked = x_pad[:, i * stride:i * stride + HH, j * stride:j * stride + WW, :]
            for k in range(F):
                dw[:, :, :, k] += np.sum(masked * (dout[:, i, j, k])[:, None, None, None], axis=0)
            for n in range(N):
                dx_pad[n, i * stride:i * stride + HH, j * stride:j * stride + WW, :] += np.sum(w * dout[n, i, j], axis=-1)
    dx = dx_pad[:, pad:-pad, pad:-pad, :]
    return dx, dw, db
