"""Backpropagation: the chain rule, walked from the loss back to every number that took part in it.

Forward keeps what backward will ask for; backward meets the same steps in reverse order, and each step turns the
gradient of its output into the gradients of its inputs. A number used twice gets the sum of both gradients.
Source: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", 1986.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from reference.activations import relu_backward, relu_forward
from reference.convolution import conv2d_backward, conv2d_forward
from reference.dense import dense_backward, dense_forward
from reference.losses import softmax_cross_entropy, softmax_cross_entropy_backward
from reference.perceptron import mlp_layers
from reference.pooling import max_pool2d_backward, max_pool2d_forward

CONV = {"stride": 1, "pad": 1}
POOL = {"window": 2, "stride": 2}


def graph_forward(x: float, y: float, z: float) -> float:
    """f = (x + y)·max(z, x), for three numbers."""
    return (x + y) * np.maximum(z, x)


def graph_backward(x: float, y: float, z: float) -> tuple[float, float, float]:
    """The partial derivatives (dx, dy, dz) of f = (x + y)·max(z, x); at the tie z = x the gradient goes to z.

    The product sends each factor the other one; the sum passes it on to both terms, the max to the larger number.
    """
    total, larger = x + y, max(z, x)
    to_x = float(x > z)
    return larger + to_x * total, larger, (1 - to_x) * total


def numerical_gradient(f: Callable[[np.ndarray], float], x: np.ndarray, *, h: float = 1e-5) -> np.ndarray:
    """grad[i] = (f(x + h·e_i) - f(x - h·e_i)) / 2h for every entry, e_i the unit vector of that entry.

    f maps an array of any shape to a number; grad is shaped as x. The error falls with h², where a one-sided
    difference's falls with h. Works in one C-ordered copy, so that x is never written to and f always sums alike.
    """
    point = np.array(x, order="C")
    grad = np.empty_like(point)
    for index in np.ndindex(x.shape):
        point[index] = x[index] + h
        above = f(point)
        point[index] = x[index] - h
        grad[index] = (above - f(point)) / (2 * h)
        point[index] = x[index]
    return grad


def mlp_backward(
    dout: np.ndarray, x: np.ndarray, weights: Sequence[np.ndarray], biases: Sequence[np.ndarray]
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """The gradients (dx, dweights, dbiases) of `mlp_forward`, the lists in the order of weights and biases.

    From the last layer to the first: ds = dout·out·(1 - out), dw = layerᵀ @ ds, db = the column sums of ds, and
    ds @ wᵀ is the dout of the layer before. Three matrix products a layer, for the whole batch.
    """
    layers = mlp_layers(x, weights, biases)
    dweights, dbiases = [], []
    for w, layer, out in zip(weights[::-1], layers[-2::-1], layers[:0:-1], strict=True):
        ds = dout * out * (1 - out)
        dweights.append(layer.T @ ds)
        dbiases.append(ds.sum(axis=0))
        dout = ds @ w.T
    return dout, dweights[::-1], dbiases[::-1]


def cnn_loss(
    x: np.ndarray, labels: np.ndarray, params: Mapping[str, np.ndarray]
) -> tuple[float, dict[str, np.ndarray]]:
    """The loss of a small convolutional network, and the gradient of each of its parameters under the same key.

    conv2d (stride 1, pad 1), ReLU, max_pool2d (window 2, stride 2), flatten, dense, softmax cross-entropy.
    x (B, H, W, C), labels (B,) int in [0, K); params: conv_w (KH, KW, C, N), conv_b (N,), dense_w (D, K), dense_b (K,)
    with D = H'·W'·N numbers left after pooling, flattened with the channel fastest. loss: the mean over the batch.
    """
    conv_w, conv_b, dense_w, dense_b = (params[key] for key in ("conv_w", "conv_b", "dense_w", "dense_b"))
    conv = conv2d_forward(x, conv_w, conv_b, **CONV)
    active = relu_forward(conv)
    pooled = max_pool2d_forward(active, **POOL)
    scores = dense_forward(pooled, dense_w, dense_b)

    dscores = softmax_cross_entropy_backward(scores, labels)
    dpooled, ddense_w, ddense_b = dense_backward(dscores, pooled, dense_w, dense_b)
    dconv = relu_backward(max_pool2d_backward(dpooled, active, **POOL), conv)
    _, dconv_w, dconv_b = conv2d_backward(dconv, x, conv_w, conv_b, **CONV)
    grads = {"conv_w": dconv_w, "conv_b": dconv_b, "dense_w": ddense_w, "dense_b": ddense_b}
    return softmax_cross_entropy(scores, labels), grads
