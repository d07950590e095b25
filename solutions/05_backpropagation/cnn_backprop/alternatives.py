"""Backpropagation through a CNN: right answers written another way, which every check must accept."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import alternative


@alternative("cnn_loss", fast=False)
def image_by_image(x, labels, params):
    conv_w, dense_w = params["conv_w"], params["dense_w"]
    kernel_height, kernel_width = conv_w.shape[:2]
    grads = {name: np.zeros(value.shape) for name, value in params.items()}
    loss = 0.0
    for image, label in zip(x, labels, strict=True):
        padded = np.zeros((image.shape[0] + 2, image.shape[1] + 2, image.shape[2]))
        padded[1:-1, 1:-1] = image
        height, width = padded.shape[0] - kernel_height + 1, padded.shape[1] - kernel_width + 1
        conv = np.zeros((height, width, conv_w.shape[3]))
        for i, j, n in np.ndindex(conv.shape):
            window = padded[i : i + kernel_height, j : j + kernel_width]
            conv[i, j, n] = np.sum(window * conv_w[:, :, :, n]) + params["conv_b"][n]
        places, flat = [], []
        for i in range(0, height - 1, 2):
            for j in range(0, width - 1, 2):
                for n in range(conv.shape[2]):
                    best = max(((i + p, j + q) for p in (0, 1) for q in (0, 1)), key=lambda at: conv[at][n])  # noqa: B023
                    places.append((*best, n))
                    flat.append(max(conv[best][n], 0.0))
        scores = [sum(f * dense_w[d, k] for d, f in enumerate(flat)) + b for k, b in enumerate(params["dense_b"])]
        total = sum(math.exp(score) for score in scores)
        loss -= math.log(math.exp(scores[label]) / total) / len(x)
        for k, score in enumerate(scores):
            dscore = (math.exp(score) / total - (k == label)) / len(x)
            grads["dense_b"][k] += dscore
            for d, (i, j, n) in enumerate(places):
                grads["dense_w"][d, k] += flat[d] * dscore
                if flat[d] > 0:
                    dconv = dscore * dense_w[d, k]
                    grads["conv_b"][n] += dconv
                    window = padded[i : i + kernel_height, j : j + kernel_width]
                    grads["conv_w"][:, :, :, n] += dconv * window
    return loss, grads


@alternative("cnn_loss")
def pool_before_relu(x, labels, params):
    conv_w, conv_b = params["conv_w"], params["conv_b"]
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    rows, columns = padded.shape[1] - conv_w.shape[0] + 1, padded.shape[2] - conv_w.shape[1] + 1
    conv = sum(
        padded[:, p : p + rows, q : q + columns] @ conv_w[p, q]
        for p in range(conv_w.shape[0])
        for q in range(conv_w.shape[1])
    )
    tops, lefts = np.arange(rows // 2) * 2, np.arange(columns // 2) * 2
    corners = np.stack([conv[:, tops + p][:, :, lefts + q] for p in (0, 1) for q in (0, 1)])
    winner = corners.argmax(axis=0)
    best = np.take_along_axis(corners, winner[None], axis=0)[0] + conv_b
    flat = np.where(best > 0, best, 0).reshape(len(x), -1)
    scores = flat @ params["dense_w"] + params["dense_b"]
    p_classes = np.exp(scores - scores.max(axis=1, keepdims=True))
    p_classes /= p_classes.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(p_classes[np.arange(len(x)), labels]))

    dscores = p_classes.copy()
    dscores[np.arange(len(x)), labels] -= 1
    dscores /= len(x)
    dbest = (dscores @ params["dense_w"].T).reshape(best.shape) * (best > 0)
    dconv = np.zeros_like(conv)
    for corner in range(4):
        share = dbest * (winner == corner)
        dconv[:, tops[:, None] + corner // 2, lefts[None, :] + corner % 2] = share
    dconv_w = np.zeros_like(conv_w)
    for p in range(conv_w.shape[0]):
        for q in range(conv_w.shape[1]):
            dconv_w[p, q] = np.tensordot(padded[:, p : p + rows, q : q + columns], dconv, axes=([0, 1, 2], [0, 1, 2]))
    grads = {"dense_b": dscores.sum(axis=0), "dense_w": flat.T @ dscores, "conv_b": dbest.sum(axis=(0, 1, 2))}
    return loss, grads | {"conv_w": np.asfortranarray(dconv_w)}


@alternative("cnn_loss")
def matrices_of_windows(x, labels, params):
    (kernel_height, kernel_width, channels, filters), batch = params["conv_w"].shape, x.shape[0]
    padded = np.zeros((batch, x.shape[1] + 2, x.shape[2] + 2, channels))
    padded[:, 1:-1, 1:-1] = x
    height, width = padded.shape[1] - kernel_height + 1, padded.shape[2] - kernel_width + 1
    columns = np.array([
        padded[:, i : i + kernel_height, j : j + kernel_width].reshape(batch, -1)
        for i in range(height)
        for j in range(width)
    ])  # fmt: skip
    conv = columns @ params["conv_w"].reshape(-1, filters) + params["conv_b"]
    active = conv * (conv > 0)
    corner = np.arange(height * width).reshape(height, width)[: height // 2 * 2 : 2, : width // 2 * 2 : 2].ravel()
    windows = np.stack([corner, corner + 1, corner + width, corner + width + 1])
    pooled = active[windows].max(axis=0)
    flat = pooled.transpose(1, 0, 2).reshape(batch, -1)
    scores = flat @ params["dense_w"] + params["dense_b"]
    log_sum = np.logaddexp.reduce(scores, axis=1)
    loss = np.mean(log_sum - np.take_along_axis(scores, labels[:, None], axis=1)[:, 0])

    dscores = (np.exp(scores - log_sum[:, None]) - np.eye(scores.shape[1])[labels]) / batch
    dpooled = (dscores @ params["dense_w"].T).reshape(batch, -1, filters).transpose(1, 0, 2)
    ties = active[windows] == pooled
    dactive = np.zeros_like(active)
    dactive[windows] = dpooled * ties / ties.sum(axis=0)
    dconv = np.where(active > 0, dactive, 0)
    dconv_w = np.einsum("wbk,wbn->kn", columns, dconv, optimize=True).reshape(params["conv_w"].shape)
    return float(loss), {
        "conv_w": dconv_w,
        "conv_b": np.einsum("wbn->n", dconv),
        "dense_w": (dscores.T @ flat).T,
        "dense_b": np.ones(batch) @ dscores,
    }
