"""A training loop: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("fit_line")
def counting_rows(x, y, w, *, lr, batch_size, epochs):
    w, history = list(w), []
    for _ in range(epochs):
        total, seen = 0.0, 0
        while seen < len(y):
            rows = range(seen, min(seen + batch_size, len(y)))
            errors = [sum(a * b for a, b in zip(x[i], w)) - y[i] for i in rows]
            total += sum(e * e for e in errors)
            slope = [sum(2 * e * x[i, d] for e, i in zip(errors, rows)) / len(rows) for d in range(len(w))]
            w = [a - lr * b for a, b in zip(w, slope)]
            seen += len(rows)
        history.append(total / len(y))
    return np.array(w), np.array(history)


@alternative("fit_line")
def split_beforehand(x, y, w, *, lr, batch_size, epochs):
    edges = np.arange(batch_size, len(x), batch_size)
    batches = list(zip(np.split(x, edges), np.split(y, edges)))
    history = np.zeros(epochs)
    for epoch in range(epochs):
        errors = []
        for xb, yb in batches:
            errors.append(xb @ w - yb)
            w = w - lr * np.mean(2 * errors[-1][:, None] * xb, axis=0)
        history[epoch] = np.mean(np.concatenate(errors) ** 2)
    return w, history


@alternative("fit_line")
def means_weighted(x, y, w, *, lr, batch_size, epochs):
    w, history = np.array(w), []
    for _ in range(epochs):
        means, sizes = [], []
        for start in range(0, x.shape[0], batch_size):
            rows = slice(start, start + batch_size)
            error = np.dot(x[rows], w) - y[rows]
            means.append(np.mean(error * error))
            sizes.append(error.size)
            w -= (2 * lr / error.size) * np.dot(error, x[rows])
        history.append(np.average(means, weights=sizes))
    return w, np.array(history)
