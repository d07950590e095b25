"""Neuron: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("neuron_forward")
def threshold_forgotten(x, w, b):
    """The threshold has no effect. It is added to the weighted inputs before the activation."""
    return _sigmoid(x @ w)


@convention("neuron_forward")
def threshold_subtracted(x, w, b):
    """The threshold is subtracted from the sum, as many books write it. Here inputs and threshold are added
    together."""
    return _sigmoid(x @ w - b)


@mistake("neuron_forward")
def threshold_after_the_sigmoid(x, w, b):
    """Outputs leave the range from 0 to 1: the threshold was added to the output. It belongs into the sum, before the
    activation."""
    return _sigmoid(x @ w) + b


@mistake("neuron_forward")
def activation_forgotten(x, w, b):
    """You return the weighted sums. What does the activation function make of them?"""
    return x @ w + b


@mistake("neuron_forward")
def step_of_the_perceptron(x, w, b):
    """All outputs are 0 or 1: this is the perceptron's step. The neuron here has a smooth activation."""
    return np.where(x @ w + b >= 0, 1.0, 0.0)


@mistake("neuron_forward")
def exponent_without_minus(x, w, b):
    """Large sums give small outputs: the curve is mirrored. Try a large positive sum: which sign has the exponent?"""
    return 1 / (1 + np.exp(x @ w + b))


@mistake("neuron_forward")
def tanh_for_the_sigmoid(x, w, b):
    """Outputs lie between -1 and 1: this is tanh, a sigmoid of another range. What does yours give for 0?"""
    return np.tanh(x @ w + b)


@mistake("neuron_forward")
def relu_for_the_sigmoid(x, w, b):
    """Negative sums give 0 and large ones exceed 1: this is the ReLU, another activation."""
    return np.maximum(x @ w + b, 0)


@mistake("neuron_forward")
def sigmoid_of_every_product(x, w, b):
    """The sigmoid was applied to every weighted input and the results were added. First the sum, then one
    activation."""
    return _sigmoid(x * w).sum(axis=1) + b


@mistake("neuron_forward")
def threshold_in_every_product(x, w, b):
    """The threshold is counted once for every input. How often does it belong into one sum?"""
    return _sigmoid((x * w + b).sum(axis=1))


@mistake("neuron_forward")
def column_returned(x, w, b):
    """The values are right, but out has a second axis of length 1. One number per example: (B,)."""
    return _sigmoid(x @ w[:, None] + b)


@mistake("neuron_forward")
def batch_of_one_dropped(x, w, b):
    """With a single example the axis of the batch disappears: `squeeze` removes every axis of length 1."""
    return _sigmoid(np.squeeze(x @ w[:, None] + b))


@mistake("neuron_backward")
def slope_of_the_output(dout, x, w, b):
    """The sigmoid was applied twice: the slope was taken at the output. out * (1 - out) is the slope already; it is
    told by the output, so apply the sigmoid once."""
    out = _sigmoid(_sigmoid(x @ w + b))
    return _through_sum(dout * out * (1 - out), x, w)


@mistake("neuron_backward")
def slope_from_the_sum(dout, x, w, b):
    """The slope s * (1 - s) was computed from the sum. That formula takes the sigmoid's output."""
    s = x @ w + b
    return _through_sum(dout * s * (1 - s), x, w)


@mistake("neuron_backward")
def slope_forgotten(dout, x, w, b):
    """The gradient went through the weighted sum only. It meets the activation first, and that has a slope."""
    return _through_sum(dout, x, w)


@mistake("neuron_backward")
def slope_of_tanh(dout, x, w, b):
    """1 - out**2 is the slope of tanh. The sigmoid's looks similar, but is another one."""
    out = _sigmoid(x @ w + b)
    return _through_sum(dout * (1 - out**2), x, w)


@mistake("neuron_backward")
def output_for_the_slope(dout, x, w, b):
    """The gradient is multiplied by the output. The local derivative is a slope: how much does out change when the sum
    changes a little?"""
    return _through_sum(dout * _sigmoid(x @ w + b), x, w)


@mistake("neuron_backward")
def dout_forgotten(dout, x, w, b):
    """The gradients do not depend on dout: they are the local derivatives alone. The chain rule multiplies them by
    something."""
    return _through_sum(_ds(np.ones_like(dout), x, w, b), x, w)


@mistake("neuron_backward")
def slope_without_threshold(dout, x, w, b):
    """The output was computed again without its threshold, so the slope is taken at the wrong place."""
    return _through_sum(_ds(dout, x, w, 0), x, w)


@mistake("neuron_backward")
def dx_from_x(dout, x, w, b):
    """dx was multiplied by x itself. In the product x * w each factor receives the other one."""
    ds = _ds(dout, x, w, b)
    _, dw, db = _through_sum(ds, x, w)
    return ds[:, None] * x, dw, db


@mistake("neuron_backward")
def dx_without_slope(dout, x, w, b):
    """dw and db are right, dx skips the sigmoid: it starts from dout. All three gradients come from ds."""
    _, dw, db = _through_sum(_ds(dout, x, w, b), x, w)
    return dout[:, None] * w, dw, db


@convention("neuron_backward")
def averaged_over_batch(dout, x, w, b):
    """dw and db are too small by the size of the batch. Some courses put the loss's 1/B into the layers; here the loss
    has averaged already, and dout carries that factor: a neuron only sums."""
    dx, dw, db = _through_sum(_ds(dout, x, w, b), x, w)
    return dx, dw / len(x), db / len(x)


@mistake("neuron_backward")
def dw_not_summed(dout, x, w, b):
    """dw has one row per example. All examples share the weights: what becomes of their gradients?"""
    ds = _ds(dout, x, w, b)
    dx, _, db = _through_sum(ds, x, w)
    return dx, ds[:, None] * x, db


@mistake("neuron_backward")
def db_not_summed(dout, x, w, b):
    """db has one number per example. All examples share one threshold: what becomes of their gradients?"""
    ds = _ds(dout, x, w, b)
    dx, dw, _ = _through_sum(ds, x, w)
    return dx, dw, ds


@mistake("neuron_backward")
def db_keeps_an_axis(dout, x, w, b):
    """The value of db is right, but it is an array of length 1. b is a number, and so is its gradient."""
    ds = _ds(dout, x, w, b)
    dx, dw, _ = _through_sum(ds, x, w)
    return dx, dw, ds.sum(keepdims=True)


@mistake("neuron_backward")
def db_without_slope(dout, x, w, b):
    """dx and dw are right, db is the sum of dout. The threshold is added before the sigmoid, so its gradient comes
    through the sigmoid as well."""
    dx, dw, _ = _through_sum(_ds(dout, x, w, b), x, w)
    return dx, dw, dout.sum()


@mistake("neuron_backward")
def dout_changed_in_place(dout, x, w, b):
    """The result is right, but the caller's dout was changed: a line writes into the array you were given. Make a
    new array."""
    out = _sigmoid(x @ w + b)
    dout *= out * (1 - out)
    return _through_sum(dout, x, w)


def _sigmoid(s):
    return 1 / (1 + np.exp(-s))


def _ds(dout, x, w, b):
    out = _sigmoid(x @ w + b)
    return dout * out * (1 - out)


def _through_sum(ds, x, w):
    return np.outer(ds, w), x.T @ ds, ds.sum()
