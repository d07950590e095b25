import numpy as np


def pad_inputs(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant')


def conv2d_forward(x, w, b, *, stride=1, pad=0):
    (m, ph, pw, pc) = x.shape
    (fh, fw, pc, nf) = w.shape
    height = int((ph + 2 * pad - fh) / stride) + 1
    width = int((pw + 2 * pad - fw) / stride) + 1
    Z = np.zeros((m, height, width, nf))
    A = pad_inputs(x, pad)
    for h in range(height):
        for v in range(width):
            a_slice = A[:, h * stride:h * stride + fh, v * stride:v * stride + fw, :]
            for c in range(nf):
                Z[:, h, v, c] = np.sum(a_slice * w[None, :, :, :, c], axis=(1, 2, 3)) + b[c]
    return Z


def conv2d_backward(dout, x, w, b, *, stride=1, pad=0):
    (m, prev_height, prev_width, pc) = x.shape
    (fh, fw, pc, nf) = w.shape
    A_pad = pad_inputs(x, pad)
    dA_pad = np.zeros(A_pad.shape)
    dW = np.zeros(w.shape)
    db = dout.sum(axis=(0, 1, 2))
    for i in range(m):
        for h in range(prev_height):
            for v in range(prev_width):
                vs, hs = stride * h, stride * v
                for c in range(nf):
                    a_slice = A_pad[i, vs:vs + fh, hs:hs + fw, :]
                    dA_pad[i, vs:vs + fh, hs:hs + fw, :] += w[:, :, :, c] * dout[i, h, v, c]
                    dW[:, :, :, c] += a_slice * dout[i, h, v, c]
    return dA_pad[:, pad:pad + prev_height, pad:pad + prev_width, :], dW, db
