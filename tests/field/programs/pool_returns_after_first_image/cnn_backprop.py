import numpy as np


def conv(x, w, b):
    B, H, W, C = x.shape
    kh, kw, _, n = w.shape
    xp = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    oh, ow = H + 2 - kh + 1, W + 2 - kw + 1
    out = np.zeros((B, oh, ow, n))
    for i in range(oh):
        for j in range(ow):
            out[:, i, j] = np.tensordot(xp[:, i:i + kh, j:j + kw], w, axes=3) + b
    return out, xp


def pool(x):
    B, H, W, C = x.shape
    out = np.zeros((B, H // 2, W // 2, C))
    for i in range(H // 2):
        for j in range(W // 2):
            out[:, i, j] = x[:, 2 * i:2 * i + 2, 2 * j:2 * j + 2].max(axis=(1, 2))
    return out


def pool_back(dout, x):
    dx = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for i in range(dout.shape[1]):
            for j in range(dout.shape[2]):
                for c in range(x.shape[3]):
                    patch = x[n, 2 * i:2 * i + 2, 2 * j:2 * j + 2, c]
                    a, b = np.unravel_index(patch.argmax(), patch.shape)
                    dx[n, 2 * i + a, 2 * j + b, c] += dout[n, i, j, c]
        return dx


def cnn_loss(x, labels, params):
    w, b, dw_, db_ = params['conv_w'], params['conv_b'], params['dense_w'], params['dense_b']
    B = len(x)
    z, xp = conv(x, w, b)
    a = np.maximum(z, 0)
    p = pool(a)
    flat = p.reshape(B, -1)
    s = flat @ dw_ + db_
    s = s - s.max(axis=1, keepdims=True)
    e = np.exp(s)
    q = e / e.sum(axis=1, keepdims=True)
    loss = float(-np.mean(s[range(B), labels] - np.log(e.sum(axis=1))))
    ds = q.copy()
    ds[range(B), labels] -= 1
    ds /= B
    grads = {'dense_w': flat.T @ ds, 'dense_b': ds.sum(axis=0)}
    da = pool_back((ds @ dw_.T).reshape(p.shape), a)
    dz = da * (z > 0)
    gw = np.zeros_like(w)
    for i in range(dz.shape[1]):
        for j in range(dz.shape[2]):
            gw += np.tensordot(xp[:, i:i + w.shape[0], j:j + w.shape[1]], dz[:, i, j], axes=(0, 0))
    grads['conv_w'] = gw
    grads['conv_b'] = dz.sum(axis=(0, 1, 2))
    return loss, grads
