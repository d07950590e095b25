"""Backpropagation through the MLP: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("mlp_backward")
def lists_back_to_front(dout, x, weights, biases):
    """The gradients are right, but the lists are in the order in which you met the layers, last one first. Turn them
    round: dweights[l] belongs to weights[l]."""
    dx, dweights, dbiases = _back(dout, x, weights, biases)
    return dx, dweights[::-1], dbiases[::-1]


@mistake("mlp_backward")
def no_slope_at_the_output(dout, x, weights, biases):
    """The last layer's sigmoid was left out: the walk begins behind it. dout is the gradient for the output, and
    between output and sum lies an activation."""
    return _back(dout, x, weights, biases, lambda h, last: np.ones_like(h) if last else h * (1 - h))


@mistake("mlp_backward")
def no_slope_in_hidden_layers(dout, x, weights, biases):
    """Right for the last layer only: the gradient passes the hidden layers without their sigmoid's slope."""
    return _back(dout, x, weights, biases, lambda h, last: h * (1 - h) if last else np.ones_like(h))


@mistake("mlp_backward")
def no_slope_at_all(dout, x, weights, biases):
    """The gradient passes the weights only, as if the network had no activations. What lies between a layer's sum and
    its output?"""
    return _back(dout, x, weights, biases, lambda h, last: np.ones_like(h))


@mistake("mlp_backward")
def slope_of_the_output(dout, x, weights, biases):
    """The sigmoid was applied twice: the slope was taken at the output of the layer. h * (1 - h) is the slope already,
    told by the output."""
    return _back(dout, x, weights, biases, lambda h, last: _sigmoid(h) * (1 - _sigmoid(h)))


@mistake("mlp_backward")
def slope_from_the_sum(dout, x, weights, biases):
    """The slope s * (1 - s) was computed from the sums. That formula takes the sigmoid's output."""
    return _back(dout, x, weights, biases, lambda h, last: _sum(h) * (1 - _sum(h)))


@mistake("mlp_backward")
def slope_of_tanh(dout, x, weights, biases):
    """1 - h**2 is the slope of tanh. The sigmoid's looks similar, but is another one."""
    return _back(dout, x, weights, biases, lambda h, last: 1 - h**2)


@mistake("mlp_backward")
def slope_of_relu(dout, x, weights, biases):
    """In the hidden layers the gradient passes where the sum is positive and is stopped elsewhere: this is the ReLU's
    slope. The network's activation is the sigmoid."""
    return _back(dout, x, weights, biases, lambda h, last: h * (1 - h) if last else (h > 0.5) * 1.0)


@mistake("mlp_backward")
def dout_forgotten(dout, x, weights, biases):
    """The gradients do not depend on dout: the walk started with ones. Where does the gradient of the loss come in?"""
    return _back(np.ones_like(dout), x, weights, biases)


@mistake("mlp_backward")
def biases_forgotten(dout, x, weights, biases):
    """The outputs were computed again without the biases, so all slopes are taken at the wrong places."""
    return _back(dout, x, weights, [np.zeros_like(b) for b in biases])


@mistake("mlp_backward")
def weights_meet_their_output(dout, x, weights, biases):
    """dbiases and dx are right, dweights was multiplied by the layer's output. A weight is multiplied by the layer's
    input: look at the index of h."""
    dx, _, dbiases = _back(dout, x, weights, biases)
    h, sums = _forward(x, weights, biases), _sums(dout, x, weights, biases)
    return dx, [out.T @ ds for out, ds in zip(h[1:], sums)], dbiases


@mistake("mlp_backward")
def weights_meet_x(dout, x, weights, biases):
    """All weights were multiplied by x. Only the first layer's input is x: a later one's is what the layer before it
    sends on."""
    dx, _, dbiases = _back(dout, x, weights, biases)
    return dx, [x.T @ ds for ds in _sums(dout, x, weights, biases)], dbiases


@mistake("mlp_backward")
def dweights_transposed(dout, x, weights, biases):
    """dweights is right, but each array is transposed. Compare the shapes; for a square one only the numbers tell."""
    dx, dweights, dbiases = _back(dout, x, weights, biases)
    return dx, [dw.T for dw in dweights], dbiases


@mistake("mlp_backward")
def weights_not_transposed(dout, x, weights, biases):
    """On the way back the weights were multiplied as they stand. Forward went from D to M, the gradient goes back from
    M to D: write the shapes under the product. For a square array only the numbers tell."""
    return _back(dout, x, weights, biases, carry=lambda ds, w: ds @ w)


@convention("mlp_backward")
def averaged_over_batch(dout, x, weights, biases):
    """dweights and dbiases are too small by the size of the batch. Some courses put the loss's 1/B into the layers;
    here the loss has averaged already, and dout carries that factor: a layer only sums."""
    dx, dweights, dbiases = _back(dout, x, weights, biases)
    return dx, [dw / len(x) for dw in dweights], [db / len(x) for db in dbiases]


@mistake("mlp_backward")
def dbiases_averaged(dout, x, weights, biases):
    """dbiases holds means over the batch, dweights sums. Every example's share counts in full: sum both."""
    dx, dweights, dbiases = _back(dout, x, weights, biases)
    return dx, dweights, [db / len(x) for db in dbiases]


@mistake("mlp_backward")
def dbiases_not_summed(dout, x, weights, biases):
    """dbiases has one row per example. All examples share a layer's biases: what becomes of their gradients?"""
    dx, dweights, _ = _back(dout, x, weights, biases)
    return dx, dweights, _sums(dout, x, weights, biases)


@mistake("mlp_backward")
def dbiases_keep_an_axis(dout, x, weights, biases):
    """The values of dbiases are right, but each has a second axis of length 1. A layer's biases are a vector."""
    dx, dweights, dbiases = _back(dout, x, weights, biases)
    return dx, dweights, [db[None, :] for db in dbiases]


@mistake("mlp_backward")
def dx_through_first_weights_forgotten(dout, x, weights, biases):
    """dweights and dbiases are right, dx stops at the first layer's sums. One more product carries it to x."""
    _, dweights, dbiases = _back(dout, x, weights, biases)
    return _sums(dout, x, weights, biases)[0], dweights, dbiases


@mistake("mlp_backward")
def dx_with_a_slope(dout, x, weights, biases):
    """dweights and dbiases are right, dx was multiplied by a slope at x. The input is the one layer without an
    activation."""
    dx, dweights, dbiases = _back(dout, x, weights, biases)
    return dx * x * (1 - x), dweights, dbiases


@mistake("mlp_backward")
def passed_back_before_the_slope(dout, x, weights, biases):
    """The last layer is right, the ones before are not: dh went through the weights without having gone through the
    sigmoid. Pass ds back."""
    h, dh, sums = _forward(x, weights, biases), dout, []
    for i in reversed(range(len(weights))):
        sums.insert(0, dh * h[i + 1] * (1 - h[i + 1]))
        dh = dh @ weights[i].T
    return dh, [a.T @ ds for a, ds in zip(h, sums)], [ds.sum(axis=0) for ds in sums]


@mistake("mlp_backward")
def dout_changed_in_place(dout, x, weights, biases):
    """The gradients are right, but the caller's dout was changed: a line writes into the array you were given. Make
    a new array."""
    gradients = _back(dout, x, weights, biases)
    out = _forward(x, weights, biases)[-1]
    dout *= out * (1 - out)
    return gradients


@mistake("mlp_backward")
def lists_emptied(dout, x, weights, biases):
    """The gradients are right, but the caller's list is empty afterwards: `pop` takes the arrays out for good. Loop
    over the lists instead."""
    gradients = _back(dout, x, weights, biases)
    while weights:
        weights.pop()
    return gradients


@mistake("mlp_backward")
def weights_updated(dout, x, weights, biases):
    """The gradients are right, but the caller's weights and biases were changed: backward only computes gradients. The
    step downhill is the optimizer's."""
    dx, dweights, dbiases = _back(dout, x, weights, biases)
    for w, b, dw, db in zip(weights, biases, dweights, dbiases):
        w -= 0.1 * dw
        b -= 0.1 * db
    return dx, dweights, dbiases


@mistake("mlp_backward")
def first_layer_left_out(dout, x, weights, biases):
    """The last layers are right, the first one is missing: `range(last, 0, -1)` ends before 0. Every layer has its
    turn."""
    _, dweights, dbiases = _back(dout, x, weights, biases)
    dx = dout if len(weights) == 1 else _sums(dout, x, weights, biases)[1] @ weights[1].T
    return dx, [None, *dweights[1:]], [None, *dbiases[1:]]


def _sigmoid(s):
    return 1 / (1 + np.exp(-s))


def _sum(h):
    return np.log(h / (1 - h))


def _slope(h, last):
    return h * (1 - h)


def _forward(x, weights, biases):
    h = [x]
    for w, b in zip(weights, biases):
        h.append(_sigmoid(h[-1] @ w + b))
    return h


def _walk(dout, x, weights, biases, slope, carry):
    h, dh, sums = _forward(x, weights, biases), dout, []
    for i in reversed(range(len(weights))):
        sums.insert(0, dh * slope(h[i + 1], i == len(weights) - 1))
        dh = carry(sums[0], weights[i])
    return dh, h, sums


def _back(dout, x, weights, biases, slope=_slope, carry=lambda ds, w: ds @ w.T):
    dx, h, sums = _walk(dout, x, weights, biases, slope, carry)
    return dx, [a.T @ ds for a, ds in zip(h, sums)], [ds.sum(axis=0) for ds in sums]


def _sums(dout, x, weights, biases):
    return _walk(dout, x, weights, biases, _slope, lambda ds, w: ds @ w.T)[2]
