"""A wide perceptron on few rows, with and without dropout and batch normalization: what over-fitting looks like.

dense, (batch norm,) ReLU, (dropout,) dense, softmax cross-entropy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator

from reference.activations import relu_backward, relu_forward
from reference.dense import dense_backward, dense_forward
from reference.losses import softmax_cross_entropy, softmax_cross_entropy_backward
from reference.mlp_training import gradients
from reference.normalization import batchnorm_backward, batchnorm_infer, batchnorm_train
from reference.regularization import dropout_backward, dropout_forward, dropout_mask
from reference.training import Params, descend, fitting, he

HIDDEN, DROP = 100, 0.8


def train(x: np.ndarray, labels: np.ndarray, *, rng: Generator, regularize: bool) -> dict[str, Any]:
    """Parameters w1 (D, M), b1 (M,), w2 (M, K), b2 (K,), and "history"; regularized also gamma, beta, mean, var (M,).

    x (B, D), labels (B,) int in [0, K), every class among them. mean and var are the running statistics of training.
    """
    inputs, classes = x.shape[1], int(labels.max()) + 1
    start: Params = {
        "w1": he(inputs, HIDDEN, fan_in=inputs, rng=rng),
        "b1": np.zeros(HIDDEN),
        "w2": he(HIDDEN, classes, fan_in=HIDDEN, rng=rng),
        "b2": np.zeros(classes),
    }
    network = _Network(rng) if regularize else None
    if network:
        start |= {"gamma": np.ones(HIDDEN), "beta": np.zeros(HIDDEN)}
    descended = network.gradients if network else gradients
    params, history = descend(descended, start, x, labels, lr=0.05, epochs=40, batch_size=20, rng=rng)
    running = {"mean": network.mean, "var": network.var} if network else {}
    return {**params, **running, "history": history}


def predict(x: np.ndarray, params: dict[str, Any]) -> np.ndarray:
    """The class of the largest score of each row: (B,) int. Nothing is dropped, and a row is normalized by the running
    statistics, so that it does not depend on its neighbours. ValueError when the params are not train's."""
    w1, b1, w2, b2 = fitting(params, w1=(x.shape[1], "M"), b1=("M",), w2=("M", "K"), b2=("K",))
    sums = dense_forward(x, w1, b1)
    if "gamma" in params:
        vectors = {key: (len(b1),) for key in ("gamma", "beta", "mean", "var")}
        sums = batchnorm_infer(sums, *fitting(params, **vectors))
    return np.argmax(dense_forward(relu_forward(sums), w2, b2), axis=1)


class _Network:
    """The regularized network in training: it draws masks and keeps the running statistics."""

    def __init__(self, rng: Generator) -> None:
        self.mean, self.var, self._rng = np.zeros(HIDDEN), np.ones(HIDDEN), rng

    def gradients(self, x: np.ndarray, labels: np.ndarray, params: Params) -> tuple[float, Params]:
        w1, b1, w2, b2, gamma, beta = (params[key] for key in ("w1", "b1", "w2", "b2", "gamma", "beta"))
        sums = dense_forward(x, w1, b1)
        normal, self.mean, self.var = batchnorm_train(sums, gamma, beta, self.mean, self.var)
        active = relu_forward(normal)
        mask = dropout_mask(active.shape, p=DROP, rng=self._rng)
        kept = dropout_forward(active, mask, train=True)
        scores = dense_forward(kept, w2, b2)

        dkept, dw2, db2 = dense_backward(softmax_cross_entropy_backward(scores, labels), kept, w2, b2)
        dnormal = relu_backward(dropout_backward(dkept, active, mask, train=True), normal)
        dsums, dgamma, dbeta = batchnorm_backward(dnormal, sums, gamma, beta)
        _, dw1, db1 = dense_backward(dsums, x, w1, b1)
        grads = {"w1": dw1, "b1": db1, "w2": dw2, "b2": db2, "gamma": dgamma, "beta": dbeta}
        return softmax_cross_entropy(scores, labels), grads
