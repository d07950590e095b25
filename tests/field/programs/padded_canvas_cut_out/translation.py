import numpy as np


def translate(x, dy, dx):
    H, W = x.shape
    dy, dx = max(-H, min(H, dy)), max(-W, min(W, dx))
    canvas = np.zeros((3 * H, 3 * W))
    canvas[H:2 * H, W:2 * W] = x
    return canvas[H - dy:2 * H - dy, W - dx:2 * W - dx].copy()


def _valid(x, w):
    v = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    return np.einsum('ijpq,pq->ij', v, w)


def equivariance_error(x, w, dy, dx):
    return float(np.max(np.abs(_valid(translate(x, dy, dx), w) - translate(_valid(x, w), dy, dx))))


def pool_invariance(x, dy, dx, *, window, stride):
    def pool(a):
        v = np.lib.stride_tricks.sliding_window_view(a, (window, window))
        return v[::stride, ::stride].max(axis=(-1, -2))
    same = pool(x) == pool(translate(x, dy, dx))
    return float(np.count_nonzero(same) / same.size)
