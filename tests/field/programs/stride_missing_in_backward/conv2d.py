import numpy as np


def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant', constant_values=0)


def conv_single_step(a_slice_prev, W, b):
    s = np.multiply(a_slice_prev, W)
    return np.sum(s) + b


def conv2d_forward(x, w, b, *, stride=1, pad=0):
    (m, n_H_prev, n_W_prev, n_C_prev) = x.shape
    (fh, fw, n_C_prev, n_C) = w.shape
    n_H = int((n_H_prev - fh + 2 * pad) / stride) + 1
    n_W = int((n_W_prev - fw + 2 * pad) / stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(x, pad)
    for i in range(m):
        for h in range(n_H):
            for v in range(n_W):
                for c in range(n_C):
                    vert, horiz = h * stride, v * stride
                    a_slice = A_prev_pad[i, vert:vert + fh, horiz:horiz + fw, :]
                    Z[i, h, v, c] = conv_single_step(a_slice, w[..., c], b[c])
    return Z


def conv2d_backward(dout, x, w, b, *, stride=1, pad=0):
    (m, n_H_prev, n_W_prev, n_C_prev) = x.shape
    (fh, fw, n_C_prev, n_C) = w.shape
    (m, n_H, n_W, n_C) = dout.shape
    dW = np.zeros(w.shape)
    db = np.zeros(b.shape)
    A_prev_pad = zero_pad(x, pad)
    dA_prev_pad = np.zeros(A_prev_pad.shape)
    for i in range(m):
        for h in range(n_H):
            for v in range(n_W):
                vert_start = h
                vert_end = vert_start + fh
                horiz_start = v
                horiz_end = horiz_start + fw
                for c in range(n_C):
                    a_slice = A_prev_pad[i, vert_start:vert_end, horiz_start:horiz_end, :]
                    dA_prev_pad[i, vert_start:vert_end, horiz_start:horiz_end, :] += w[:, :, :, c] * dout[i, h, v, c]
                    dW[:, :, :, c] += a_slice * dout[i, h, v, c]
                    db[c] += dout[i, h, v, c]
    return dA_prev_pad[:, pad:pad + n_H_prev, pad:pad + n_W_prev, :], dW, db
