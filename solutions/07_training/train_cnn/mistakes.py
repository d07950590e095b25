"""train_cnn: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake

FILTERS, BATCH, EPOCHS, LR, MU = 8, 40, 8, 0.1, 0.9


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
    """The images are visited as they come, class by class, and each batch makes the network forget the classes before.
    Draw a new order for every epoch."""
    return _train(x, labels, rng, sorted=True)


@mistake("train")
def only_the_first_batch(x, labels, *, rng):
    """Only the first batch is ever used: look at where `return` or `break` stands, or at which images are taken."""
    return _train(x, labels, rng, batches=1)


@mistake("train")
def one_step(x, labels, *, rng):
    """The training ends after a single step. Is the `return` indented too far?"""
    return _train(x, labels, rng, epochs=1, batches=1)


@mistake("train")
def starting_params_returned(x, labels, *, rng):
    """The params that you return are those you started from: what was learned stayed in other variables."""
    return _start(x, labels, rng)


@mistake("train")
def zero_weights(x, labels, *, rng):
    """All weights start at zero, so the filters see nothing and no gradient passes through them. Start from small
    random weights."""
    zeros = {name: np.zeros_like(value) for name, value in _start(x, labels, rng).items()}
    return _train(x, labels, rng, params=zeros)


@mistake("predict")
def scores_returned(x, params):
    """predict returns the scores, a row of K numbers each. The label is the index of the largest one."""
    return _scores(_pooled(x, params), params)


@mistake("predict")
def down_the_columns(x, params):
    """The largest score was looked for down the columns: one image per class. Look along each row."""
    return np.argmax(_scores(_pooled(x, params), params), axis=0)


@mistake("predict")
def channels_slowest(x, params):
    """The pooled images were flattened with the channels slowest, so they meet other weights than in training. Flatten
    in the same order in both places."""
    return np.argmax(_scores(_pooled(x, params).transpose(0, 3, 1, 2), params), axis=1)


@mistake("predict")
def pooling_forgotten(x, params):
    """dense_w does not fit: predict goes from the convolution straight to the dense layer. Pool, as in training."""
    return np.argmax(_scores(np.maximum(_conv(x, params), 0), params), axis=1)


@convention("predict")
def kernel_flipped(x, params):
    """The kernel is turned by 180 degrees: that is mathematics' convolution. Training slid it as it stands."""
    return np.argmax(_scores(_pooled(x, {**params, "conv_w": params["conv_w"][::-1, ::-1]}), params), axis=1)


@mistake("predict")
def single_axes_dropped(x, params):
    """A single image loses its batch axis: `squeeze` removes every axis of length 1. Keep the axes as they are."""
    return np.argmax(_scores(_pooled(x.squeeze()[..., None], params), params), axis=1)


def _conv(x, params):
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    every = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    return np.tensordot(every, params["conv_w"], axes=((4, 5, 3), (0, 1, 2))) + params["conv_b"]


def _pooled(x, params):
    conv = _conv(x, params)
    batch, height, width, _ = conv.shape
    return np.maximum(conv, 0).reshape(batch, height // 2, 2, width // 2, 2, -1).max(axis=(2, 4))


def _scores(pooled, params):
    return pooled.reshape(len(pooled), -1) @ params["dense_w"] + params["dense_b"]


def _start(x, labels, rng):
    _, height, width, channels = x.shape
    left, classes = height // 2 * (width // 2) * FILTERS, labels.max() + 1
    return {
        "conv_w": rng.standard_normal((3, 3, channels, FILTERS)) * np.sqrt(2 / (9 * channels)),
        "conv_b": np.zeros(FILTERS),
        "dense_w": rng.standard_normal((left, classes)) * np.sqrt(2 / left),
        "dense_b": np.zeros(classes),
    }


def _train(x, labels, rng, *, lr=LR, epochs=EPOCHS, sorted=False, apart=False, batches=None, params=None):
    params = dict(params or _start(x, labels, rng))
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    for _ in range(epochs):
        rows = np.arange(len(x)) if sorted else rng.permutation(len(x))
        truth = rng.permutation(len(x)) if apart else rows
        for first in range(0, len(x), BATCH)[:batches]:
            batch, others = rows[first : first + BATCH], truth[first : first + BATCH]
            for name, gradient in _gradients(x[batch], labels[others], params).items():
                velocity[name] = MU * velocity[name] - lr * gradient
                params[name] = params[name] + velocity[name]
    return params


def _gradients(x, labels, params):
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    every = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2)).transpose(0, 1, 2, 4, 5, 3)
    columns = every.reshape(len(x) * x.shape[1] * x.shape[2], -1)
    conv = (columns @ params["conv_w"].reshape(-1, FILTERS) + params["conv_b"]).reshape(*x.shape[:3], FILTERS)
    blocks = np.maximum(conv, 0).reshape(len(x), conv.shape[1] // 2, 2, conv.shape[2] // 2, 2, FILTERS)
    pooled = blocks.max(axis=(2, 4), keepdims=True)
    scores = _scores(pooled, params)
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = (p / p.sum(axis=1, keepdims=True) - np.eye(p.shape[1])[labels]) / len(x)
    dpooled = (dscores @ params["dense_w"].T).reshape(pooled.shape)
    dconv = ((dpooled * (blocks == pooled)).reshape(conv.shape) * (conv > 0)).reshape(-1, FILTERS)
    return {
        "conv_w": (columns.T @ dconv).reshape(params["conv_w"].shape), "conv_b": dconv.sum(axis=0),
        "dense_w": pooled.reshape(len(x), -1).T @ dscores, "dense_b": dscores.sum(axis=0),
    }  # fmt: skip
