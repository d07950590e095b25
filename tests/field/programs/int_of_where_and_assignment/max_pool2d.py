import numpy as np


def max_pool2d_forward(x, *, window, stride):
    N, H, W, C = x.shape
    H_ = int((H - window) / stride + 1)
    W_ = int((W - window) / stride + 1)
    out = np.zeros((N, H_, W_, C))
    for i in range(H_):
        for j in range(W_):
            temp = x[:, i * stride:(i * stride + window), j * stride:(j * stride + window), :]
            out[:, i, j, :] = np.max(temp, axis=(1, 2))
    return out


def max_pool2d_backward(dout, x, *, window, stride):
    N, H, W, C = x.shape
    H_ = int((H - window) / stride + 1)
    W_ = int((W - window) / stride + 1)
    dx = np.zeros((N, H, W, C))
    for n in range(N):
        for c in range(C):
            for i in range(H_):
                for j in range(W_):
                    temp = x[n, i * stride:(i * stride + window), j * stride:(j * stride + window), c]
                    row, col = np.where(temp == np.max(temp))
                    dx[n, i * stride + int(row[0]), j * stride + int(col[0]), c] = dout[n, i, j, c]
    return dx
