import numpy as np

HIDDEN = 100
DROP = 0.8
BATCH = 20
EPOCHS = 40
LR = 0.05
MU = 0.9
EPS = 1e-5


def start(inputs, classes, rng):
    return {
        "w1": rng.standard_normal((inputs, HIDDEN)) * np.sqrt(2 / inputs),
        "b1": np.zeros(HIDDEN),
        "w2": rng.standard_normal((HIDDEN, classes)) * np.sqrt(2 / HIDDEN),
        "b2": np.zeros(classes),
        "gamma": np.ones(HIDDEN),
        "beta": np.zeros(HIDDEN),
    }


def gradients_of(x, labels, p, mask):
    n = len(x)
    z = x @ p["w1"] + p["b1"]
    mean, var = 0.0, 1.0
    y = z
    if mask is not None:
        mean, var = z.mean(axis=0), z.var(axis=0)
        inv = 1 / np.sqrt(var + EPS)
        xhat = (z - mean) * inv
        y = p["gamma"] * xhat + p["beta"]
    h = np.maximum(y, 0)
    hd = h if mask is None else h * mask
    s = hd @ p["w2"] + p["b2"]
    e = np.exp(s - s.max(axis=1, keepdims=True))
    d = e / e.sum(axis=1, keepdims=True)
    d[np.arange(n), labels] -= 1
    d /= n
    g = {"w2": hd.T @ d, "b2": d.sum(axis=0)}
    dh = d @ p["w2"].T
    if mask is not None:
        dh = dh * mask
    dy = dh * (y > 0)
    if mask is not None:
        g["gamma"], g["beta"] = (dy * xhat).sum(axis=0), dy.sum(axis=0)
        dy = p["gamma"] * inv / n * (n * dy - g["beta"] - xhat * g["gamma"])
    g["w1"], g["b1"] = x.T @ dy, dy.sum(axis=0)
    return g, mean, var


def train(x, labels, *, rng, regularize):
    params = start(x.shape[1], labels.max() + 1, rng)
    v = {k: np.zeros_like(a) for k, a in params.items()}
    for _ in range(EPOCHS):
        order = rng.permutation(len(x))
        for i in range(0, len(x), BATCH):
            rows = order[i:i + BATCH]
            mask = None
            if regularize:
                mask = (rng.random((len(rows), HIDDEN)) >= DROP) / (1 - DROP)
            grads, mean, var = gradients_of(x[rows], labels[rows], params, mask)
            for k in grads:
                v[k] = MU * v[k] - LR * grads[k]
                params[k] = params[k] + v[k]
    params["bn"] = 1.0 if regularize else 0.0
    return params


def predict(x, params):
    z = x @ params["w1"] + params["b1"]
    if params.get("bn"):
        z = (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + EPS)
        z = params["gamma"] * z + params["beta"]
    return (np.maximum(z, 0) @ params["w2"] + params["b2"]).argmax(axis=1)
