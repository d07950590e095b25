import numpy as np


def conv2d_forward(x, w, b, *, stride=1, pad=0):
    a = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    kh, kw = w.shape[:2]
    size = (a.shape[1], a.shape[2])
    A = np.fft.rfft2(a, s=size, axes=(1, 2))
    K = np.fft.rfft2(w, s=size, axes=(0, 1))
    full = np.fft.irfft2(np.einsum('bijc,ijcn->bijn', A, K.conj()), s=size, axes=(1, 2))
    valid = full[:, :size[0] - kh + 1:stride, :size[1] - kw + 1:stride, :]
    return valid + b


def conv2d_backward(dout, x, w, b, *, stride=1, pad=0):
    a = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    da = np.zeros(a.shape)
    dw = np.zeros(w.shape)
    oh, ow = dout.shape[1:3]
    for p in range(w.shape[0]):
        for q in range(w.shape[1]):
            rows = slice(p, p + stride * (oh - 1) + 1, stride)
            cols = slice(q, q + stride * (ow - 1) + 1, stride)
            dw[p, q] = np.einsum('bijc,bijn->cn', a[:, rows, cols], dout)
            da[:, rows, cols] += dout @ w[p, q].T
    return da[:, pad:pad + x.shape[1], pad:pad + x.shape[2]], dw, np.einsum('bijn->n', dout)
