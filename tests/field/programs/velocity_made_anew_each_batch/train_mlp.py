import numpy as np

HIDDEN = 32
BATCH = 20
EPOCHS = 20
LR = 0.005
MU = 0.95


def start(inputs, classes, rng):
    return {
        "w1": rng.standard_normal((inputs, HIDDEN)) * np.sqrt(2 / inputs),
        "b1": np.zeros(HIDDEN),
        "w2": rng.standard_normal((HIDDEN, classes)) * np.sqrt(2 / HIDDEN),
        "b2": np.zeros(classes),
    }


def loss_and_gradients(x, labels, params):
    n = len(x)
    z = x @ params["w1"] + params["b1"]
    h = np.maximum(z, 0)
    s = h @ params["w2"] + params["b2"]
    s = s - s.max(axis=1, keepdims=True)
    e = np.exp(s)
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(p[np.arange(n), labels] + 1e-12))
    d = p.copy()
    d[np.arange(n), labels] -= 1
    d /= n
    dh = d @ params["w2"].T * (z > 0)
    return float(loss), {"w2": h.T @ d, "b2": d.sum(0), "w1": x.T @ dh, "b1": dh.sum(0)}


def train(x, labels, *, rng):
    params = start(x.shape[1], labels.max() + 1, rng)
    for epoch in range(EPOCHS):
        order = rng.permutation(len(x))
        for i in range(0, len(x), BATCH):
            rows = order[i:i + BATCH]
            v = {k: np.zeros_like(p) for k, p in params.items()}
            _, grads = loss_and_gradients(x[rows], labels[rows], params)
            for k in params:
                v[k] = MU * v[k] - LR * grads[k]
                params[k] = params[k] + v[k]
    return params


def predict(x, params):
    h = np.maximum(x @ params["w1"] + params["b1"], 0)
    return (h @ params["w2"] + params["b2"]).argmax(axis=1)
