"""A small convolutional network for small images, trained: conv2d, ReLU, max_pool2d, dense, softmax cross-entropy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator

from reference.activations import relu_forward
from reference.backpropagation import CONV, POOL, cnn_loss
from reference.convolution import conv2d_forward
from reference.dense import dense_forward
from reference.pooling import max_pool2d_forward
from reference.training import Params, descend, fitting, he

FILTERS = 8


def train(x: np.ndarray, labels: np.ndarray, *, rng: Generator) -> dict[str, Any]:
    """Parameters conv_w (3, 3, C, N), conv_b (N,), dense_w (D, K), dense_b (K,), and "history", each epoch's loss.

    x (B, H, W, C), H and W even, so D = H/2·W/2·N; labels (B,) int in [0, K), every class among them.
    """
    _, height, width, channels = x.shape
    left, classes = height // 2 * (width // 2) * FILTERS, int(labels.max()) + 1
    start: Params = {
        "conv_w": he(3, 3, channels, FILTERS, fan_in=9 * channels, rng=rng),
        "conv_b": np.zeros(FILTERS),
        "dense_w": he(left, classes, fan_in=left, rng=rng),
        "dense_b": np.zeros(classes),
    }
    params, history = descend(cnn_loss, start, x, labels, lr=0.1, epochs=8, batch_size=40, rng=rng)
    return {**params, "history": history}


def predict(x: np.ndarray, params: dict[str, Any]) -> np.ndarray:
    """The class of the largest score of each image: (B,) int. ValueError when the params are not train's."""
    _, height, width, channels = x.shape
    conv_w, conv_b, dense_w, dense_b = fitting(
        params, conv_w=(3, 3, channels, "N"), conv_b=("N",), dense_w=("D", "K"), dense_b=("K",)
    )
    if len(dense_w) != height // 2 * (width // 2) * len(conv_b):
        raise ValueError(f"dense_w has {len(dense_w)} rows, which does not fit the pooled images")
    pooled = max_pool2d_forward(relu_forward(conv2d_forward(x, conv_w, conv_b, **CONV)), **POOL)
    return np.argmax(dense_forward(pooled, dense_w, dense_b), axis=1)
