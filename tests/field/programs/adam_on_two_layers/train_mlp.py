import numpy as np


class Adam:
    def __init__(self, params, lr=0.01, beta1=0.9, beta2=0.999):
        self.lr, self.beta1, self.beta2, self.iter = lr, beta1, beta2, 0
        self.m = {k: np.zeros_like(v) for k, v in params.items()}
        self.v = {k: np.zeros_like(v) for k, v in params.items()}

    def update(self, params, grads):
        self.iter += 1
        lr_t = self.lr * np.sqrt(1.0 - self.beta2 ** self.iter) / (1.0 - self.beta1 ** self.iter)
        for k in params:
            self.m[k] += (1 - self.beta1) * (grads[k] - self.m[k])
            self.v[k] += (1 - self.beta2) * (grads[k] ** 2 - self.v[k])
            params[k] = params[k] - lr_t * self.m[k] / (np.sqrt(self.v[k]) + 1e-8)


def gradients(x, labels, p):
    h = np.maximum(x @ p["w1"] + p["b1"], 0)
    s = h @ p["w2"] + p["b2"]
    e = np.exp(s - s.max(axis=1, keepdims=True))
    d = e / e.sum(axis=1, keepdims=True)
    d[np.arange(len(x)), labels] -= 1
    d /= len(x)
    dh = (d @ p["w2"].T) * (h > 0)
    return {"w1": x.T @ dh, "b1": dh.sum(axis=0), "w2": h.T @ d, "b2": d.sum(axis=0)}


def train(x, labels, *, rng):
    D, K, M = x.shape[1], int(labels.max()) + 1, 40
    params = {
        "w1": rng.normal(size=(D, M)) * np.sqrt(2.0 / D), "b1": np.zeros(M),
        "w2": rng.normal(size=(M, K)) * np.sqrt(2.0 / M), "b2": np.zeros(K),
    }
    optimizer = Adam(params)
    for epoch in range(25):
        order = rng.permutation(len(x))
        for i in range(0, len(x), 32):
            rows = order[i:i + 32]
            optimizer.update(params, gradients(x[rows], labels[rows], params))
    return params


def predict(x, params):
    h = np.maximum(x @ params["w1"] + params["b1"], 0)
    return np.argmax(h @ params["w2"] + params["b2"], axis=1)
