"""train_mlp: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake

HIDDEN, BATCH, EPOCHS, LR, MU = 32, 20, 20, 0.005, 0.95


@mistake("train")
def uphill(x, labels, *, rng):
    """The loss grows from the first step: the velocity follows the gradient. It should turn the other way."""
    return _train(x, labels, rng, lr=-LR)


@mistake("train")
def labels_shuffled_apart(x, labels, *, rng):
    """x and labels were shuffled by two different orders, so every image got some other image's label. Draw one order
    and index both with it."""
    return _train(x, labels, rng, apart=True)


@mistake("train")
def never_shuffled(x, labels, *, rng):
    """The rows are visited as they come, class by class, and each batch makes the network forget the classes before.
    Draw a new order for every epoch."""
    return _train(x, labels, rng, lr=8 * LR, sorted=True)


@mistake("train")
def only_the_first_batch(x, labels, *, rng):
    """Only the first batch is ever used: look at where `return` or `break` stands, or at which rows are taken."""
    return _train(x, labels, rng, batches=1)


@mistake("train")
def one_epoch(x, labels, *, rng):
    """The training ends after one pass over the rows. Is the `return` indented too far?"""
    return _train(x, labels, rng, epochs=1)


@mistake("train")
def starting_params_returned(x, labels, *, rng):
    """The params that you return are those you started from: what was learned stayed in other variables."""
    return _start(x, labels, rng)


@mistake("train")
def zero_weights(x, labels, *, rng):
    """All weights start at zero, so all hidden units are 0 and no gradient passes through them. Start from small random
    weights."""
    zeros = {name: np.zeros_like(value) for name, value in _start(x, labels, rng).items()}
    return _train(x, labels, rng, params=zeros)


@mistake("train")
def velocity_forgotten(x, labels, *, rng):
    """The velocity starts from zero at every batch, so nothing is ever gained by momentum and the steps stay tiny.
    Where is it set to zero?"""
    return _train(x, labels, rng, mu=0.0)


@mistake("train")
def only_the_last_layer_learns(x, labels, *, rng):
    """w1 and b1 come back as they started: the gradient does not get past the ReLU. Follow dscores through w2."""
    return _train(x, labels, rng, frozen=("w1", "b1", "b2"), lr=LR / 4)


@mistake("predict")
def scores_returned(x, params):
    """predict returns the scores, a row of K numbers each. The label is the index of the largest one."""
    return _scores(x, params)


@mistake("predict")
def down_the_columns(x, params):
    """The largest score was looked for down the columns: one row per class. Look along each row."""
    return np.argmax(_scores(x, params), axis=0)


@mistake("predict")
def smallest_score(x, params):
    """The class with the smallest score was taken, the least likely one."""
    return np.argmin(_scores(x, params), axis=1)


@mistake("predict")
def hidden_unit_instead_of_class(x, params):
    """This is the index of the strongest hidden unit. The classes are one layer further."""
    return np.argmax(np.maximum(x @ params["w1"] + params["b1"], 0), axis=1)


@mistake("predict")
def one_hot_returned(x, params):
    """predict returns a table with one 1 in each row. The label is the place of the 1."""
    return np.eye(params["w2"].shape[1])[np.argmax(_scores(x, params), axis=1)]


@mistake("predict")
def standardized_by_the_batch(x, params):
    """x is standardized by its own mean and deviation, so a row's label depends on the rows that it comes with. What
    predict uses must come from training."""
    x = (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-8)
    return np.argmax(_scores(x, params), axis=1)


@mistake("predict")
def single_row_squeezed(x, params):
    """A single row's label comes back without its axis: `squeeze` removes every axis of length 1, that of the rows too.
    """
    return np.argmax(_scores(x, params), axis=1).squeeze()


def _scores(x, params):
    return np.maximum(x @ params["w1"] + params["b1"], 0) @ params["w2"] + params["b2"]


def _start(x, labels, rng):
    inputs, classes = x.shape[1], labels.max() + 1
    return {
        "w1": rng.standard_normal((inputs, HIDDEN)) * np.sqrt(2 / inputs), "b1": np.zeros(HIDDEN),
        "w2": rng.standard_normal((HIDDEN, classes)) * np.sqrt(2 / HIDDEN), "b2": np.zeros(classes),
    }  # fmt: skip


def _train(
    x, labels, rng, *, lr=LR, mu=MU, epochs=EPOCHS, sorted=False, apart=False, batches=None, params=None, frozen=()
):
    params = dict(params or _start(x, labels, rng))
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        rows = np.arange(len(x)) if sorted else rng.permutation(len(x))
        truth = rng.permutation(len(x)) if apart else rows
        for first in range(0, len(x), BATCH)[:batches]:
            batch, others = rows[first : first + BATCH], truth[first : first + BATCH]
            for name, gradient in _gradients(x[batch], labels[others], params).items():
                if name not in frozen:
                    velocity[name] = mu * velocity[name] - lr * gradient
                    params[name] = params[name] + velocity[name]
    return params


def _gradients(x, labels, params):
    sums = x @ params["w1"] + params["b1"]
    hidden = np.maximum(sums, 0)
    scores = hidden @ params["w2"] + params["b2"]
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = (p / p.sum(axis=1, keepdims=True) - np.eye(p.shape[1])[labels]) / len(x)
    dsums = dscores @ params["w2"].T * (sums > 0)
    return {"w1": x.T @ dsums, "b1": dsums.sum(axis=0), "w2": hidden.T @ dscores, "b2": dscores.sum(axis=0)}
