"""A perceptron with one hidden layer: dense, ReLU, dense; trained by the softmax cross-entropy of its scores."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator

from reference.activations import relu_backward, relu_forward
from reference.dense import dense_backward, dense_forward
from reference.losses import softmax_cross_entropy, softmax_cross_entropy_backward
from reference.optimizers import momentum_step
from reference.training import Params, descend, fitting, he

HIDDEN = 32


def train(x: np.ndarray, labels: np.ndarray, *, rng: Generator) -> dict[str, Any]:
    """Parameters w1 (D, M), b1 (M,), w2 (M, K), b2 (K,), and "history", the loss of each epoch.

    x (B, D), labels (B,) int in [0, K), every class among them.
    """
    params, history = descend(
        gradients, start(x, labels, rng), x, labels, lr=0.005, mu=0.95, epochs=20, batch_size=20, rng=rng
    )
    return {**params, "history": history}


def predict(x: np.ndarray, params: dict[str, Any]) -> np.ndarray:
    """The class of the largest score of each row: (B,) int. ValueError when the params are not train's."""
    return np.argmax(_scores(x, params), axis=1)


def train_until(
    x: np.ndarray, labels: np.ndarray, *, tolerance: float, rng: Generator
) -> tuple[Params, list[float]]:
    """(params, history): descent on all rows at once until their loss is below tolerance; the loss before every step.

    The last entry belongs to the params that are returned: it alone is below tolerance. A few rows can always be
    learned by heart; where that fails, something is wrong with the gradients.
    """
    params, history = start(x, labels, rng), []
    velocity = {key: np.zeros_like(w) for key, w in params.items()}
    while True:
        loss, grads = gradients(x, labels, params)
        history.append(loss)
        if loss < tolerance:
            return params, history
        for key, dw in grads.items():
            params[key], velocity[key] = momentum_step(params[key], dw, velocity[key], lr=0.1)


def loss(x: np.ndarray, labels: np.ndarray, params: Params) -> float:
    """The mean loss of the rows with these params. ValueError when they are not of train's form."""
    return softmax_cross_entropy(_scores(x, params), labels)


def start(x: np.ndarray, labels: np.ndarray, rng: Generator) -> Params:
    """Small random weights and zero biases for these rows, in their precision."""
    inputs, classes = x.shape[1], int(labels.max()) + 1
    params = {
        "w1": he(inputs, HIDDEN, fan_in=inputs, rng=rng),
        "b1": np.zeros(HIDDEN),
        "w2": he(HIDDEN, classes, fan_in=HIDDEN, rng=rng),
        "b2": np.zeros(classes),
    }
    return {key: w.astype(x.dtype) for key, w in params.items()}


def _scores(x: np.ndarray, params: Params) -> np.ndarray:
    w1, b1, w2, b2 = fitting(params, w1=(x.shape[1], "M"), b1=("M",), w2=("M", "K"), b2=("K",))
    return dense_forward(relu_forward(dense_forward(x, w1, b1)), w2, b2)


def gradients(x: np.ndarray, labels: np.ndarray, params: Params) -> tuple[float, Params]:
    """The loss of a batch, and its gradient for w1, b1, w2 and b2."""
    w1, b1, w2, b2 = params["w1"], params["b1"], params["w2"], params["b2"]
    sums = dense_forward(x, w1, b1)
    hidden = relu_forward(sums)
    scores = dense_forward(hidden, w2, b2)

    dhidden, dw2, db2 = dense_backward(softmax_cross_entropy_backward(scores, labels), hidden, w2, b2)
    _, dw1, db1 = dense_backward(relu_backward(dhidden, sums), x, w1, b1)
    return softmax_cross_entropy(scores, labels), {"w1": dw1, "b1": db1, "w2": dw2, "b2": db2}
