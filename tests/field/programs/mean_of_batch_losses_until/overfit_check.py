import numpy as np

HIDDEN = 32
LR = 0.1
MU = 0.9


def start(inputs, classes, rng):
    return {
        "w1": rng.standard_normal((inputs, HIDDEN)) * np.sqrt(2 / inputs),
        "b1": np.zeros(HIDDEN),
        "w2": rng.standard_normal((HIDDEN, classes)) * np.sqrt(2 / HIDDEN),
        "b2": np.zeros(classes),
    }


def loss_and_grads(x, labels, p):
    n = len(x)
    z = x @ p["w1"] + p["b1"]
    h = np.maximum(z, 0)
    s = h @ p["w2"] + p["b2"]
    s = s - s.max(axis=1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    d = np.exp(logp)
    d[np.arange(n), labels] -= 1
    d /= n
    dh = (d @ p["w2"].T) * (z > 0)
    return float(-logp[np.arange(n), labels].mean()), {"w1": x.T @ dh, "b1": dh.sum(0), "w2": h.T @ d, "b2": d.sum(0)}


def train_until(x, labels, *, tolerance, rng):
    params = start(x.shape[1], labels.max() + 1, rng)
    velocity = {k: np.zeros_like(v) for k, v in params.items()}
    history = []
    for it in range(20000):
        loss, grads = loss_and_grads(x, labels, params)
        history.append(loss)
        for k in params:
            velocity[k] = MU * velocity[k] - LR * grads[k]
            params[k] = params[k] + velocity[k]
        if loss < tolerance:
            break
    return params, history
