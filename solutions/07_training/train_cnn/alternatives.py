"""train_cnn: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("train")
def plain_descent_with_shifted_images(x, labels, *, rng):
    params = _start(x, labels, rng)
    for _ in range(12):
        for rows in np.array_split(rng.permutation(len(x)), 20):
            for name, gradient in _gradients(x[rows], labels[rows], params).items():
                params[name] -= 0.25 * gradient
    return params


@alternative("train")
def adagrad_on_drawn_batches(x, labels, *, rng):
    params = _start(x, labels, rng)
    cache = {name: np.full_like(value, 1e-6) for name, value in params.items()}
    for _ in range(200):
        rows = rng.integers(0, len(x), 25)
        for name, gradient in _gradients(x[rows], labels[rows], params).items():
            cache[name] += gradient**2
            params[name] -= 0.05 * gradient / np.sqrt(cache[name])
    return params


@alternative("predict")
def shifted_images(x, params):
    return np.argsort(_forward(x, params)[-1], axis=1)[:, -1]


@alternative("predict")
def image_by_image(x, params):
    return np.array([np.argmax(_forward(image[None], params)[-1]) for image in x])


def _start(x, labels, rng):
    _, height, width, channels = x.shape
    left = height // 2 * (width // 2) * 8
    classes = len(np.unique(labels))
    return {
        "conv_w": rng.normal(0, 0.4, (3, 3, channels, 8)), "conv_b": np.full(8, 0.01),
        "dense_w": rng.normal(0, 0.1, (left, classes)), "dense_b": np.zeros(classes),
    }  # fmt: skip


def _forward(x, params):
    height, width = x.shape[1:3]
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    conv = params["conv_b"] + sum(
        padded[:, p : p + height, q : q + width] @ params["conv_w"][p, q] for p in range(3) for q in range(3)
    )
    quarters = [np.maximum(conv, 0)[:, p::2, q::2] for p in (0, 1) for q in (0, 1)]
    pooled = np.maximum(np.maximum(quarters[0], quarters[1]), np.maximum(quarters[2], quarters[3]))
    scores = pooled.reshape(len(x), -1) @ params["dense_w"] + params["dense_b"]
    return padded, conv, pooled, scores


def _gradients(x, labels, params):
    padded, conv, pooled, scores = _forward(x, params)
    height, width = x.shape[1:3]
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = p / p.sum(axis=1, keepdims=True)
    dscores[np.arange(len(x)), labels] -= 1
    dscores /= len(x)
    dpooled = (dscores @ params["dense_w"].T).reshape(pooled.shape)
    spread = np.repeat(np.repeat(dpooled, 2, axis=1), 2, axis=2)
    dconv = spread * (conv == np.repeat(np.repeat(pooled, 2, axis=1), 2, axis=2)) * (conv > 0)
    shifted = [[padded[:, i : i + height, j : j + width] for j in range(3)] for i in range(3)]
    dconv_w = np.array([[np.tensordot(s, dconv, axes=((0, 1, 2), (0, 1, 2))) for s in line] for line in shifted])
    return {
        "conv_w": dconv_w, "conv_b": dconv.sum(axis=(0, 1, 2)),
        "dense_w": pooled.reshape(len(x), -1).T @ dscores, "dense_b": dscores.sum(axis=0),
    }  # fmt: skip
