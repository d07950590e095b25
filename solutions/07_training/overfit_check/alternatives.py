"""overfit_check: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("train_until")
def plain_descent_and_a_wider_layer(x, labels, *, tolerance, rng):
    params = _start(x, labels, 50, rng)
    history = [_loss(x, labels, params)]
    while history[-1] >= tolerance:
        for name, gradient in _gradients(x, labels, params).items():
            params[name] = params[name] - 0.5 * gradient
        history.append(_loss(x, labels, params))
    return params, np.array(history)


@alternative("train_until")
def adagrad_with_a_limit(x, labels, *, tolerance, rng):
    params = _start(x, labels, 24, rng)
    cache = {name: np.zeros_like(value) for name, value in params.items()}
    history = []
    for _ in range(5000):
        history += [_loss(x, labels, params)]
        if history[-1] < tolerance:
            break
        for name, gradient in _gradients(x, labels, params).items():
            cache[name] += gradient**2
            params[name] -= 0.05 * gradient / (np.sqrt(cache[name]) + 1e-8)
    return dict(reversed(params.items())), tuple(history)


def _start(x, labels, hidden, rng):
    classes = labels.max() + 1
    return {
        "w1": rng.normal(0, np.sqrt(2 / x.shape[1]), (x.shape[1], hidden)), "b1": np.zeros(hidden),
        "w2": rng.normal(0, 0.1, (hidden, classes)), "b2": np.zeros(classes),
    }  # fmt: skip


def _log_softmax(x, params):
    scores = np.maximum(x @ params["w1"] + params["b1"], 0) @ params["w2"] + params["b2"]
    return scores - scores.max(1, keepdims=True) - np.log(np.exp(scores - scores.max(1, keepdims=True)).sum(1))[:, None]


def _loss(x, labels, params):
    return -_log_softmax(x, params)[np.arange(len(x)), labels].mean()


def _gradients(x, labels, params):
    sums = x @ params["w1"] + params["b1"]
    hidden = np.maximum(sums, 0)
    dscores = (np.exp(_log_softmax(x, params)) - np.eye(len(params["b2"]))[labels]) / len(x)
    dsums = dscores @ params["w2"].T * (sums > 0)
    return {"w1": x.T @ dsums, "b1": dsums.sum(0), "w2": hidden.T @ dscores, "b2": dscores.sum(0)}
