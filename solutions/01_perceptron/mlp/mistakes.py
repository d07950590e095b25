"""Multilayer perceptron: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@convention("mlp_forward")
def no_sigmoid_at_the_output(x, weights, biases):
    """The last layer returns its sums. Many networks do that; this one has an activation after every layer except the
    input."""
    h = _layers(x, weights[:-1], biases[:-1])
    return h @ weights[-1] + biases[-1]


@mistake("mlp_forward")
def sigmoid_at_the_output_only(x, weights, biases):
    """The hidden layers pass on their sums, so the network collapses into one layer. Where does the activation belong
    in the loop?"""
    return _sigmoid(_layers(x, weights, biases, lambda s: s))


@mistake("mlp_forward")
def no_sigmoid_at_all(x, weights, biases):
    """There is no activation: the whole network is one linear function. What follows every weighted sum?"""
    return _layers(x, weights, biases, lambda s: s)


@mistake("mlp_forward")
def sigmoid_on_the_input(x, weights, biases):
    """The input was activated before the first layer. Every layer has an activation, except this one."""
    return _layers(_sigmoid(x), weights, biases)


@mistake("mlp_forward")
def biases_forgotten(x, weights, biases):
    """The biases have no effect. Each neuron has one, even where a figure leaves them out."""
    return _layers(x, weights, [0] * len(weights))


@mistake("mlp_forward")
def biases_after_the_sigmoid(x, weights, biases):
    """The biases were added to the outputs of the neurons. A threshold belongs into the sum, before the activation."""
    for w, b in zip(weights, biases):
        x = _sigmoid(x @ w) + b
    return x


@mistake("mlp_forward")
def first_bias_everywhere(x, weights, biases):
    """Every layer took the biases of the first one. Each layer has its own."""
    return _layers(x, weights, [biases[0]] * len(weights))


@mistake("mlp_forward")
def input_into_every_layer(x, weights, biases):
    """Every layer was given x. A layer's input is what the layer before it sends on: name that, and replace it in the
    loop."""
    for w, b in zip(weights, biases):
        h = _sigmoid(x @ w + b)
    return h


@mistake("mlp_forward")
def last_layer_left_out(x, weights, biases):
    """You return the last hidden layer: the loop ends one layer too early. How many arrays does `weights` hold?"""
    return _layers(x, weights[:-1], biases[:-1])


@mistake("mlp_forward")
def first_layer_only(x, weights, biases):
    """You return the first layer's output. Is the `return` indented into the loop?"""
    return _layers(x, weights[:1], biases[:1])


@mistake("mlp_forward")
def two_layers_only(x, weights, biases):
    """Right for one hidden layer only: the number of layers is written into the code. Loop over the lists."""
    return _layers(x, weights[:2], biases[:2])


@mistake("mlp_forward")
def layers_back_to_front(x, weights, biases):
    """The layers were visited from the last to the first. That is the way of the gradients; numbers go from front to
    back."""
    return _layers(x, weights[::-1], biases[::-1])


@mistake("mlp_forward")
def weights_transposed(x, weights, biases):
    """weights[l] has one column per neuron. It was used as if it had one row per neuron; for a square array only the
    numbers tell."""
    return _layers(x, [w.T for w in weights], biases)


@mistake("mlp_forward")
def tanh_for_the_sigmoid(x, weights, biases):
    """Outputs lie between -1 and 1: this is tanh, a sigmoid of another range. What does yours give for 0?"""
    return _layers(x, weights, biases, np.tanh)


@mistake("mlp_forward")
def relu_for_the_sigmoid(x, weights, biases):
    """Outputs are 0 or exceed 1: this is the ReLU. Modern networks use it; this one has the sigmoid."""
    return _layers(x, weights, biases, lambda s: np.maximum(s, 0))


@mistake("mlp_forward")
def relu_in_hidden_layers(x, weights, biases):
    """The output layer is right, but the hidden layers have the ReLU. In this network all have the sigmoid."""
    h = _layers(x, weights[:-1], biases[:-1], lambda s: np.maximum(s, 0))
    return _layers(h, weights[-1:], biases[-1:])


@mistake("mlp_forward")
def softmax_at_the_output(x, weights, biases):
    """The outputs of each example sum to 1: the last layer has a softmax. Here it has a sigmoid like all the others."""
    e = np.exp(_layers(x, weights[:-1], biases[:-1]) @ weights[-1] + biases[-1])
    return e / e.sum(axis=1, keepdims=True)


@mistake("mlp_forward")
def exponent_without_minus(x, weights, biases):
    """Large sums give small outputs: the curve is mirrored. Try a large positive sum: which sign has the exponent?"""
    return _layers(x, weights, biases, lambda s: _sigmoid(-s))


@mistake("mlp_forward")
def single_axes_dropped(x, weights, biases):
    """An axis of length 1 has disappeared: `squeeze` removes the batch axis when there is one example, and the output
    axis when there is one output."""
    return _layers(x, weights, biases).squeeze()


@mistake("mlp_forward")
def lists_emptied(x, weights, biases):
    """The result is right, but the caller's lists are empty afterwards: `pop` takes the arrays out for good. Loop over
    the lists instead."""
    while weights:
        x = _sigmoid(x @ weights.pop(0) + biases.pop(0))
    return x


def _sigmoid(s):
    return 1 / (1 + np.exp(-s))


def _layers(h, weights, biases, activation=_sigmoid):
    for w, b in zip(weights, biases):
        h = activation(h @ w + b)
    return h
