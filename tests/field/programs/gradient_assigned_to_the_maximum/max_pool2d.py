import numpy as np


def max_pool2d_forward(x, *, window, stride):
    B, H, W, C = x.shape
    rows = range(0, H - window + 1, stride)
    cols = range(0, W - window + 1, stride)
    out = np.zeros((B, len(rows), len(cols), C))
    for i, r in enumerate(rows):
        for j, s in enumerate(cols):
            out[:, i, j] = x[:, r:r + window, s:s + window].max(axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, *, window, stride):
    B, h, v, C = dout.shape
    dx = np.zeros(x.shape)
    for a in range(B):
        for c in range(C):
            for i in range(h):
                for j in range(v):
                    r, s = i * stride, j * stride
                    block = x[a, r:r + window, s:s + window, c]
                    where_r, where_s = np.where(block == block.max())
                    dx[a, r + int(where_r[0]), s + int(where_s[0]), c] = dout[a, i, j, c]
    return dx
