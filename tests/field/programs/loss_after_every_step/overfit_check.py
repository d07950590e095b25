import numpy as np


def forward(x, labels, p):
    sums = x @ p["w1"] + p["b1"]
    hidden = np.maximum(sums, 0)
    scores = hidden @ p["w2"] + p["b2"]
    scores = scores - scores.max(axis=1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return sums, hidden, log_p, float(-np.mean(log_p[np.arange(len(x)), labels]))


def train_until(x, labels, *, tolerance, rng):
    D, K, M = x.shape[1], int(labels.max()) + 1, 32
    p = {"w1": rng.standard_normal((D, M)) * np.sqrt(2 / D), "b1": np.zeros(M),
         "w2": rng.standard_normal((M, K)) * np.sqrt(2 / M), "b2": np.zeros(K)}
    v = {k: 0.0 for k in p}
    sums, hidden, log_p, loss = forward(x, labels, p)
    history = [loss]
    while history[-1] >= tolerance and len(history) < 50000:
        d = np.exp(log_p)
        d[np.arange(len(x)), labels] -= 1
        d /= len(x)
        dh = (d @ p["w2"].T) * (sums > 0)
        grads = {"w1": x.T @ dh, "b1": dh.sum(axis=0), "w2": hidden.T @ d, "b2": d.sum(axis=0)}
        for k in p:
            v[k] = 0.9 * v[k] - 0.1 * grads[k]
            p[k] = p[k] + v[k]
        sums, hidden, log_p, loss = forward(x, labels, p)
        history.append(loss)
    return p, history
