import numpy as np


class Conv:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.xp = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
        kh, kw = self.w.shape[:2]
        oh, ow = self.xp.shape[1] - kh + 1, self.xp.shape[2] - kw + 1
        out = np.zeros((len(x), oh, ow, self.w.shape[3])) + self.b
        for p in range(kh):
            for q in range(kw):
                out += self.xp[:, p:p + oh, q:q + ow] @ self.w[p, q]
        return out

    def backward(self, d):
        self.dw = np.empty_like(self.w)
        for p in range(self.w.shape[0]):
            for q in range(self.w.shape[1]):
                win = self.xp[:, p:p + d.shape[1], q:q + d.shape[2]]
                self.dw[p, q] = np.tensordot(win, d, axes=([0, 1, 2], [0, 1, 2]))
        self.db = d.sum(axis=(0, 1, 2))


class ReLU:
    def forward(self, x):
        self.on = x > 0
        return np.where(self.on, x, 0.0)

    def backward(self, d):
        return np.where(self.on, d, 0.0)


class Pool:
    def forward(self, x):
        self.shape = x.shape
        h, w = x.shape[1] // 2 * 2, x.shape[2] // 2 * 2
        four = np.stack([x[:, p:h:2, q:w:2] for p in (0, 1) for q in (0, 1)])
        self.who = four.argmax(axis=0)
        return four.max(axis=0)

    def backward(self, d):
        dx = np.zeros(self.shape)
        h, w = self.shape[1] // 2 * 2, self.shape[2] // 2 * 2
        for k in range(4):
            dx[:, k // 2:h:2, k % 2:w:2] = np.where(self.who == k, d, 0.0)
        return dx


class Flatten:
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, d):
        return d.reshape(self.shape)


class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, d):
        self.dw, self.db = self.x.T @ d, d.sum(axis=0)
        return d @ self.w.T


def cnn_loss(x, labels, params):
    conv = Conv(params['conv_w'], params['conv_b'])
    dense = Dense(params['dense_w'], params['dense_b'])
    layers = [conv, ReLU(), Pool(), Flatten(), dense]
    a = x
    for layer in layers:
        a = layer.forward(a)
    z = a - a.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    truth = np.eye(a.shape[1])[labels]
    loss = float(-(log_p * truth).sum() / len(x))
    d = (np.exp(log_p) - truth) / len(x)
    for layer in reversed(layers):
        d = layer.backward(d)
    return loss, {'conv_w': conv.dw, 'conv_b': conv.db, 'dense_w': dense.dw, 'dense_b': dense.db}
