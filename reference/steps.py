"""What lies between the first line and the last of the long ones: named steps, for those who look for a mistake.

Each function takes the arguments of the one it is named after and returns a dict of intermediate results, in the order
in which they are computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reference.activations import relu_forward
from reference.backpropagation import CONV, POOL
from reference.convolution import conv2d_forward
from reference.dense import dense_backward, dense_forward
from reference.losses import one_hot, softmax_cross_entropy_backward, softmax_forward
from reference.perceptron import mlp_layers
from reference.pooling import max_pool2d_backward, max_pool2d_forward

Steps = dict[str, Any]


def batchnorm_backward_steps(
    dout: np.ndarray, x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, *, eps: float = 1e-5
) -> Steps:
    """mean, var, dvar, dmean (D,); xhat, dxhat (B, D). Source: Ioffe and Szegedy, "Batch normalization", 2015."""
    return _normalization(dout, x, gamma, eps, axes=(0,))


def batchnorm2d_backward_steps(
    dout: np.ndarray, x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, *, eps: float = 1e-5
) -> Steps:
    """The same for images: mean, var, dvar, dmean (C,); xhat, dxhat (B, H, W, C)."""
    return _normalization(dout, x, gamma, eps, axes=(0, 1, 2))


def softmax_cross_entropy_steps(scores: np.ndarray, labels: np.ndarray) -> Steps:
    """p (B, K), the probabilities; losses (B,), one a row, before the mean."""
    rows = np.arange(len(labels))
    highest = scores.max(axis=1)
    log_sum = highest + np.log(np.exp(scores - highest[:, None]).sum(axis=1))
    return {"p": softmax_forward(scores), "losses": log_sum - scores[rows, labels]}


def softmax_cross_entropy_backward_steps(scores: np.ndarray, labels: np.ndarray) -> Steps:
    """p (B, K), the probabilities; truth (B, K), one-hot."""
    return {"p": softmax_forward(scores), "truth": one_hot(labels, scores.shape[1])}


def mlp_backward_steps(
    dout: np.ndarray, x: np.ndarray, weights: Sequence[np.ndarray], biases: Sequence[np.ndarray]
) -> Steps:
    """h: x and every layer's output; ds: every layer's gradient before its sigmoid, in the order of weights."""
    layers = mlp_layers(x, weights, biases)
    ds = []
    for w, out in zip(weights[::-1], layers[:0:-1], strict=True):
        ds.append(dout * out * (1 - out))
        dout = ds[-1] @ w.T
    return {"h": layers, "ds": ds[::-1]}


def cnn_loss_steps(x: np.ndarray, labels: np.ndarray, params: Mapping[str, np.ndarray]) -> Steps:
    """conv and active (B, H', W', N), pooled (B, H'', W'', N), scores and dscores (B, K), dpooled shaped as pooled,
    dactive and dconv as conv."""
    conv_w, conv_b, dense_w, dense_b = (params[key] for key in ("conv_w", "conv_b", "dense_w", "dense_b"))
    conv = conv2d_forward(x, conv_w, conv_b, **CONV)
    active = relu_forward(conv)
    pooled = max_pool2d_forward(active, **POOL)
    scores = dense_forward(pooled, dense_w, dense_b)
    dscores = softmax_cross_entropy_backward(scores, labels)
    dpooled = dense_backward(dscores, pooled, dense_w, dense_b)[0]
    dactive = max_pool2d_backward(dpooled, active, **POOL)
    return {
        "conv": conv, "active": active, "pooled": pooled, "scores": scores,
        "dscores": dscores, "dpooled": dpooled, "dactive": dactive, "dconv": dactive * (conv > 0),
    }  # fmt: skip


def _normalization(dout: np.ndarray, x: np.ndarray, gamma: np.ndarray, eps: float, axes: tuple[int, ...]) -> Steps:
    mean, var = x.mean(axis=axes), x.var(axis=axes)
    spread = var + eps
    xhat, dxhat = (x - mean) / np.sqrt(spread), gamma * dout
    return {
        "mean": mean, "var": var, "xhat": xhat, "dxhat": dxhat,
        "dvar": -0.5 * np.sum(dxhat * xhat, axis=axes) / spread,
        "dmean": -np.sum(dxhat, axis=axes) / np.sqrt(spread),
    }  # fmt: skip
