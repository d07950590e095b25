"""regularized: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake

HIDDEN, DROP, BATCH, EPOCHS, LR, MU = 100, 0.8, 20, 40, 0.05, 0.9


@mistake("train")
def flag_ignored(x, labels, *, rng, regularize):
    """Both trainings are the plain one: nothing asks for `regularize`. Where do they have to differ?"""
    return _train(x, labels, rng, False)


@mistake("train")
def always_regularized(x, labels, *, rng, regularize):
    """Both trainings are regularized: with regularize=False there should be no dropout and no batch normalization."""
    return _train(x, labels, rng, True)


@mistake("train")
def keep_and_drop_exchanged(x, labels, *, rng, regularize):
    """DROP is the probability to drop a unit; here it is the one to keep it. So hardly anything is dropped."""
    return _train(x, labels, rng, regularize, drop=1 - DROP)


@mistake("train")
def dropout_forgotten(x, labels, *, rng, regularize):
    """There is batch normalization but no unit is ever dropped: the network still learns its rows by heart."""
    return _train(x, labels, rng, regularize, drop=0.0)


@mistake("train")
def one_epoch(x, labels, *, rng, regularize):
    """The training ends after one pass over the rows. Is the `return` indented too far?"""
    return _train(x, labels, rng, regularize, epochs=1)


@mistake("predict")
def dropout_in_predict(x, params):
    """Units are still dropped. Dropout belongs to training: once it is over, all units take part."""
    hidden = np.maximum(_sums(x, params), 0)
    return np.argmax(_scores(hidden * (np.random.default_rng().random(hidden.shape) >= DROP), params), axis=1)


@mistake("predict")
def statistics_of_the_batch(x, params):
    """Batch normalization uses the mean and the variance of the rows that it is asked about. In predict these are the
    running ones, kept in params."""
    sums = x @ params["w1"] + params["b1"]
    if "gamma" in params:
        sums = params["gamma"] * (sums - sums.mean(axis=0)) / np.sqrt(sums.var(axis=0) + 1e-5) + params["beta"]
    return np.argmax(_scores(np.maximum(sums, 0), params), axis=1)


@mistake("predict")
def normalization_forgotten(x, params):
    """predict goes from the first dense layer straight to the ReLU. Training normalized in between."""
    return np.argmax(_scores(np.maximum(x @ params["w1"] + params["b1"], 0), params), axis=1)


@mistake("predict")
def scores_returned(x, params):
    """predict returns the scores, a row of K numbers each. The label is the index of the largest one."""
    return _scores(np.maximum(_sums(x, params), 0), params)


def _sums(x, params):
    sums = x @ params["w1"] + params["b1"]
    if "gamma" in params:
        sums = params["gamma"] * (sums - params["mean"]) / np.sqrt(params["var"] + 1e-5) + params["beta"]
    return sums


def _scores(hidden, params):
    return hidden @ params["w2"] + params["b2"]


def _train(x, labels, rng, regularize, *, drop=DROP, epochs=EPOCHS):
    inputs, classes = x.shape[1], labels.max() + 1
    params = {
        "w1": rng.standard_normal((inputs, HIDDEN)) * np.sqrt(2 / inputs), "b1": np.zeros(HIDDEN),
        "w2": rng.standard_normal((HIDDEN, classes)) * np.sqrt(2 / HIDDEN), "b2": np.zeros(classes),
    }  # fmt: skip
    if regularize:
        params |= {"gamma": np.ones(HIDDEN), "beta": np.zeros(HIDDEN)}
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    mean, var = np.zeros(HIDDEN), np.ones(HIDDEN)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for first in range(0, len(x), BATCH):
            rows = order[first : first + BATCH]
            mask = (rng.random((len(rows), HIDDEN)) >= drop) / (1 - drop) if regularize else 1.0
            gradients, moments = _gradients(x[rows], labels[rows], params, mask)
            mean, var = 0.9 * mean + 0.1 * moments[0], 0.9 * var + 0.1 * moments[1]
            for name, gradient in gradients.items():
                velocity[name] = MU * velocity[name] - LR * gradient
                params[name] = params[name] + velocity[name]
    return {**params, "mean": mean, "var": var} if regularize else params


def _gradients(x, labels, params, mask):
    sums = x @ params["w1"] + params["b1"]
    mean, var, normal = 0.0, 1.0, sums
    if "gamma" in params:
        mean, var = sums.mean(axis=0), sums.var(axis=0)
        xhat = (sums - mean) / np.sqrt(var + 1e-5)
        normal = params["gamma"] * xhat + params["beta"]
    kept = np.maximum(normal, 0) * mask
    scores = _scores(kept, params)
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = (p / p.sum(axis=1, keepdims=True) - np.eye(p.shape[1])[labels]) / len(x)
    dsums = dscores @ params["w2"].T * mask * (normal > 0)
    gradients = {"w2": kept.T @ dscores, "b2": dscores.sum(axis=0)}
    if "gamma" in params:
        gradients |= {"gamma": (dsums * xhat).sum(axis=0), "beta": dsums.sum(axis=0)}
        dsums = dsums - gradients["beta"] / len(x) - xhat * gradients["gamma"] / len(x)
        dsums = params["gamma"] / np.sqrt(var + 1e-5) * dsums
    return {**gradients, "w1": x.T @ dsums, "b1": dsums.sum(axis=0)}, (mean, var)
