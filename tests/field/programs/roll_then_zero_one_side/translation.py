import numpy as np


def translate(x, dy, dx):
    out = np.roll(x, (dy, dx), axis=(0, 1))
    if dy > 0:
        out[:dy, :] = 0
    if dx > 0:
        out[:, :dx] = 0
    return out


def _corr(x, w):
    kh, kw = w.shape
    h, v = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    out = np.zeros((h, v))
    for i in range(h):
        for j in range(v):
            out[i, j] = np.sum(x[i:i + kh, j:j + kw] * w)
    return out


def equivariance_error(x, w, dy, dx):
    a = _corr(translate(x, dy, dx), w)
    b = translate(_corr(x, w), dy, dx)
    return float(np.abs(a - b).max())


def pool_invariance(x, dy, dx, *, window, stride):
    def pool(a):
        h = (a.shape[0] - window) // stride + 1
        v = (a.shape[1] - window) // stride + 1
        return np.array([[a[i * stride:i * stride + window, j * stride:j * stride + window].max()
                          for j in range(v)] for i in range(h)])
    return float(np.mean(pool(x) == pool(translate(x, dy, dx))))
