"""The perceptron, the neuron that replaced its step by a smooth curve, and layers of such neurons.

All three weigh their inputs, add a threshold b and apply an activation; the perceptron's is a step, which has no
useful derivative, so it learns by a rule of its own. A whole batch is weighed by one matrix product.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reference.activations import sigmoid_forward


def perceptron_forward(x: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    """out[i] = 1 if x[i] @ w + b >= 0, else 0. x (B, D), w (D,), b a number; out (B,) in the precision of x.

    Source: Rosenblatt, "The perceptron", 1958, after McCulloch and Pitts, 1943. One product of BLAS for the batch.
    """
    return (x @ w + b >= 0).astype(x.dtype)


def perceptron_update(x: np.ndarray, y: np.ndarray, w: np.ndarray, b: float, *, lr: float) -> tuple[np.ndarray, float]:
    """The new (w, b) after one pass of Rosenblatt's rule over the rows of x, in order.

    For every row: error = y[i] - out[i], w += lr·error·x[i], b += lr·error. y (B,) in {0, 1}. Each row meets the
    weights that the rows before it left, so the loop cannot be a matrix product; rows that are right cost a dot.
    """
    w = w.copy()
    for row, target in zip(x, y.tolist(), strict=True):
        error = target - float(row @ w + b >= 0)
        if error:
            w += lr * error * row
            b += lr * error
    return w, float(b)


def neuron_forward(x: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    """out = sigmoid(x @ w + b). x (B, D), w (D,), b a number; out (B,)."""
    return sigmoid_forward(x @ w + b)


def neuron_backward(dout: np.ndarray, x: np.ndarray, w: np.ndarray, b: float) -> tuple[np.ndarray, np.ndarray, float]:
    """The gradients (dx, dw, db), shaped as x, w and b, from dout (B,).

    The slope of the sigmoid is out·(1 - out): with ds = dout·out·(1 - out), dx is the outer product of ds and w,
    dw = ds @ x, db = the sum of ds.
    """
    out = neuron_forward(x, w, b)
    ds = dout * out * (1 - out)
    return np.multiply.outer(ds, w), ds @ x, ds.sum().item()


def mlp_forward(x: np.ndarray, weights: Sequence[np.ndarray], biases: Sequence[np.ndarray]) -> np.ndarray:
    """The output of a multilayer perceptron, with a sigmoid after every layer but the input.

    x (B, D), weights[l] (D_l, M_l) with D_0 = D and D_(l+1) = M_l, biases[l] (M_l,); out (B, M_last).
    """
    return mlp_layers(x, weights, biases)[-1]


def mlp_layers(x: np.ndarray, weights: Sequence[np.ndarray], biases: Sequence[np.ndarray]) -> list[np.ndarray]:
    """What every layer sends on: x itself, then the output of each layer, the network's own last."""
    layers = [x]
    for w, b in zip(weights, biases, strict=True):
        layers.append(sigmoid_forward(layers[-1] @ w + b))
    return layers
