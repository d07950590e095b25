import numpy as np


class Adam:
    def __init__(self, shapes, rate=0.01, first=0.9, second=0.999):
        self.rate, self.first, self.second, self.t = rate, first, second, 0
        self.mean = {name: np.zeros(shape) for name, shape in shapes.items()}
        self.square = {name: np.zeros(shape) for name, shape in shapes.items()}

    def step(self, name, value, grad):
        self.mean[name] = self.first * self.mean[name] + (1 - self.first) * grad
        self.square[name] = self.second * self.square[name] + (1 - self.second) * grad ** 2
        mean = self.mean[name] / (1 - self.first ** self.t)
        square = self.square[name] / (1 - self.second ** self.t)
        return value - self.rate * mean / (np.sqrt(square) + 1e-8)


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
    optimizer = Adam({name: value.shape for name, value in params.items()})
    for epoch in range(25):
        order = rng.permutation(len(x))
        for i in range(0, len(x), 32):
            rows = order[i:i + 32]
            grads = gradients(x[rows], labels[rows], params)
            optimizer.t += 1
            params = {name: optimizer.step(name, params[name], grads[name]) for name in params}
    return params


def predict(x, params):
    h = np.maximum(x @ params["w1"] + params["b1"], 0)
    return np.argmax(h @ params["w2"] + params["b2"], axis=1)
