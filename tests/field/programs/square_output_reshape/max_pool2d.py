import numpy as np


def max_pool2d_forward(x, *, window, stride):
    N, H, W, C = x.shape
    out_h = 1 + (H - window) // stride
    out_w = 1 + (W - window) // stride
    x_col = np.zeros((N, out_h * out_w, window * window, C))
    for n in range(N):
        num_pool = 0
        for row in range(out_h):
            for col in range(out_w):
                a, b = stride * row, stride * col
                x_col[n, num_pool] = x[n, a:a + window, b:b + window, :].reshape(-1, C)
                num_pool += 1
    out_col = np.max(x_col, axis=2)
    return out_col.reshape(N, out_h, out_h, C)


def max_pool2d_backward(dout, x, *, window, stride):
    N, out_h, out_w, C = dout.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for row in range(out_h):
                for col in range(out_w):
                    a, b = stride * row, stride * col
                    win = x[n, a:a + window, b:b + window, c]
                    k = np.argmax(win)
                    dx[n, a + k // window, b + k % window, c] += dout[n, row, col, c]
    return dx
