"""regularized: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("train")
def more_units_and_longer(x, labels, *, rng, regularize):
    return _train(x, labels, rng, regularize, hidden=120, epochs=45, drop=0.8)


@alternative("train")
def other_init_and_larger_batches(x, labels, *, rng, regularize):
    return _train(x, labels, rng, regularize, hidden=90, epochs=60, drop=0.8, size=25, scale=1.5)


@alternative("predict")
def folded_normalization(x, params):
    w1, b1 = params["w1"], params["b1"]
    if "gamma" in params:
        factor = params["gamma"] * (params["var"] + 1e-5) ** -0.5
        w1, b1 = w1 * factor, (b1 - params["mean"]) * factor + params["beta"]
    return np.argsort(np.maximum(x @ w1 + b1, 0) @ params["w2"] + params["b2"], axis=1)[:, -1]


@alternative("predict")
def row_by_row(x, params):
    return np.concatenate([folded_normalization.code(row[None], params) for row in x])


def _train(x, labels, rng, regularize, *, hidden, epochs, drop, size=20, scale=2.0):
    classes = labels.max() + 1
    p = {
        "w1": rng.normal(0, np.sqrt(scale / x.shape[1]), (x.shape[1], hidden)), "b1": np.zeros(hidden),
        "w2": rng.normal(0, np.sqrt(scale / hidden), (hidden, classes)), "b2": np.zeros(classes),
    }  # fmt: skip
    if regularize:
        p |= {"gamma": np.ones(hidden), "beta": np.zeros(hidden)}
    v = dict.fromkeys(p, 0.0)
    seen = []
    for _ in range(epochs):
        for rows in np.array_split(rng.permutation(len(x)), len(x) // size):
            s = x[rows] @ p["w1"] + p["b1"]
            std = np.sqrt(s.var(axis=0) + 1e-5)
            xhat = (s - s.mean(axis=0)) / std
            n = p["gamma"] * xhat + p["beta"] if regularize else s
            mask = rng.binomial(1, 1 - drop, n.shape) / (1 - drop) if regularize else np.ones(n.shape)
            h = np.where(n > 0, n, 0) * mask
            scores = h @ p["w2"] + p["b2"]
            e = np.exp(scores - scores.max(axis=1)[:, None])
            ds = (e / e.sum(axis=1)[:, None] - np.eye(classes)[labels[rows]]) / len(rows)
            dn = ds @ p["w2"].T * mask * (n > 0)
            g = {"w2": h.T @ ds, "b2": ds.sum(0)}
            if regularize:
                seen.append((s.mean(axis=0), s.var(axis=0)))
                g |= {"gamma": (dn * xhat).sum(0), "beta": dn.sum(0)}
                dn = p["gamma"] / std * (dn - dn.mean(0) - xhat * (dn * xhat).mean(0))
            g |= {"w1": x[rows].T @ dn, "b1": dn.sum(0)}
            for name in g:
                v[name] = 0.9 * v[name] - 0.05 * g[name]
                p[name] = p[name] + v[name]
    if regularize:
        mean, var = np.mean(seen[-20:], axis=0)
        p |= {"mean": mean, "var": var}
    return p
