"""Backpropagation through a CNN: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake
from reference.activations import relu_backward, relu_forward
from reference.convolution import conv2d_backward, conv2d_forward
from reference.dense import dense_backward, dense_forward
from reference.losses import softmax_cross_entropy, softmax_cross_entropy_backward
from reference.pooling import max_pool2d_backward, max_pool2d_forward


@mistake("cnn_loss")
def loss_summed(x, labels, params):
    """The gradients are right, the loss is too large by the size of the batch. The images' losses are averaged."""
    loss, grads = _Network(x, labels, params).run()
    return loss * len(x), grads


@mistake("cnn_loss")
def loss_of_every_image(x, labels, params):
    """The gradients are right, but the loss is an array with one number per image. What is minimised is one number:
    their mean."""
    net = _Network(x, labels, params)
    _, grads = net.run()
    return np.array([softmax_cross_entropy(net.scores[i : i + 1], labels[i : i + 1]) for i in range(len(x))]), grads


@mistake("cnn_loss")
def relu_forgotten(x, labels, params):
    """There is no ReLU: the pool sees negative numbers. What stands between the convolution and the pool?"""
    return _Network(x, labels, params, relu=lambda conv: conv, gate=lambda d, conv: d).run()


@mistake("cnn_loss")
def pool_averages(x, labels, params):
    """The pool takes the mean of each window. In this network it keeps the maximum."""
    mean, spread = lambda active: _tiles(active).mean(axis=(2, 4)), lambda d, active: _repeated(d, active) / 4
    return _Network(x, labels, params, pool=mean, spread=spread).run()


@mistake("cnn_loss")
def conv_bias_forgotten(x, labels, params):
    """conv_b has no effect on the loss. Where is it added?"""
    return _Network(x, labels, {**params, "conv_b": np.zeros_like(params["conv_b"])}).run()


@mistake("cnn_loss")
def dense_bias_forgotten(x, labels, params):
    """dense_b has no effect on the loss. Where is it added?"""
    return _Network(x, labels, {**params, "dense_b": np.zeros_like(params["dense_b"])}).run()


@convention("cnn_loss")
def kernel_flipped(x, labels, params):
    """The kernel was turned by 180 degrees, as in the convolution of mathematics. The layer lays it on as it is."""
    loss, grads = _Network(x, labels, {**params, "conv_w": params["conv_w"][::-1, ::-1]}).run()
    return loss, {**grads, "conv_w": grads["conv_w"][::-1, ::-1]}


@mistake("cnn_loss")
def padding_forgotten(x, labels, params):
    """The convolution has no padding, so fewer numbers are left than dense_w has rows. The assignment says pad 1."""
    return _Network(x, labels, params, pad=0).run()


@convention("cnn_loss")
def flattened_channels_first(x, labels, params):
    """The numbers of an image were strung together filter by filter, as libraries with (B, C, H, W) do, so they meet
    the wrong weights. The last axis, the filters, runs fastest: a plain reshape."""
    return _Network(x, labels, params, flatten=_channels_first, unflatten=_channels_last).run()


@mistake("cnn_loss")
def gradients_not_averaged(x, labels, params):
    """The loss is right, all gradients are too large by the size of the batch: the mean in the loss is missing on the
    way back. It belongs into dscores, once."""
    net = _Network(x, labels, params)
    return net.run(lambda dscores: dscores * len(x))


@mistake("cnn_loss")
def truth_not_subtracted(x, labels, params):
    """The loss is right, but the way back starts with the probabilities alone. Raising the true class's score must
    lower the loss: the labels take part in dscores."""
    truth = np.eye(len(params["dense_b"]))[labels] / len(x)
    return _Network(x, labels, params).run(lambda dscores: dscores + truth)


@mistake("cnn_loss")
def gradients_uphill(x, labels, params):
    """All gradients have the opposite sign. Raising the true class's score must lower the loss: which sign has its
    gradient?"""
    return _Network(x, labels, params).run(np.negative)


@mistake("cnn_loss")
def gate_of_relu_left_open(x, labels, params):
    """dense is right, conv is not: the gradient passed the ReLU everywhere. It passes where the input of the ReLU was
    positive; its output has no negative numbers left to find."""
    return _Network(x, labels, params, gate=lambda d, conv: d).run()


@mistake("cnn_loss")
def gate_from_gradient(x, labels, params):
    """dense is right, conv is not: negative gradients were stopped at the ReLU. Whether the gate was open was decided
    in forward, by the sign of its input."""
    return _Network(x, labels, params, gate=lambda d, conv: d * (d > 0)).run()


@mistake("cnn_loss")
def pool_gives_to_whole_window(x, labels, params):
    """dense is right, conv is not: every pixel of a window received the pool's gradient. Only one made it to the
    output."""
    return _Network(x, labels, params, spread=_repeated).run()


@mistake("cnn_loss")
def pool_spreads_evenly(x, labels, params):
    """dense is right, conv is not: every pixel of a window received a quarter, as if the pool took the mean. Only the
    maximum made it to the output."""
    return _Network(x, labels, params, spread=lambda d, active: _repeated(d, active) / 4).run()


@mistake("cnn_loss")
def way_back_ends_at_dense(x, labels, params):
    """dense is right, conv has no gradient: the way back ends at the dense layer. Carry dscores through dense_w to the
    pool, the ReLU and the convolution."""
    loss, grads = _Network(x, labels, params).run()
    return loss, {name: np.zeros_like(grad) if name.startswith("conv") else grad for name, grad in grads.items()}


@mistake("cnn_loss")
def conv_w_turned(x, labels, params):
    """Only conv_w is wrong: its gradient is turned by 180 degrees. Follow the top left weight: which pixels did it
    meet?"""
    loss, grads = _Network(x, labels, params).run()
    return loss, {**grads, "conv_w": grads["conv_w"][::-1, ::-1]}


@mistake("cnn_loss")
def conv_b_averaged(x, labels, params):
    """Only conv_b is wrong: its gradient is a mean over all pixels. The bias was added to every pixel, and each share
    counts in full."""
    net = _Network(x, labels, params)
    loss, grads = net.run()
    return loss, {**grads, "conv_b": grads["conv_b"] / net.conv[..., 0].size}


@mistake("cnn_loss")
def conv_b_per_pixel(x, labels, params):
    """Only conv_b is wrong: its gradient was summed over the batch, not over the pixels. One bias serves a whole
    channel."""
    net = _Network(x, labels, params)
    loss, grads = net.run()
    return loss, {**grads, "conv_b": net.dconv.sum(axis=0)}


@mistake("cnn_loss")
def dense_w_transposed(x, labels, params):
    """Only dense_w is wrong: its gradient is transposed. Compare its shape with that of the parameter."""
    loss, grads = _Network(x, labels, params).run()
    return loss, {**grads, "dense_w": grads["dense_w"].T}


@mistake("cnn_loss")
def keys_with_a_d(x, labels, params):
    """The numbers are right, the keys are not: `dconv_w` and so on. A dict with the same keys as params can be walked
    beside it."""
    loss, grads = _Network(x, labels, params).run()
    return loss, {f"d{name}": grad for name, grad in grads.items()}


@mistake("cnn_loss")
def biases_left_out(x, labels, params):
    """The gradients of conv_b and dense_b are missing. Every parameter has one."""
    loss, grads = _Network(x, labels, params).run()
    return loss, {name: grad for name, grad in grads.items() if name.endswith("_w")}


@mistake("cnn_loss")
def params_stepped_in_place(x, labels, params):
    """Loss and gradients are right, but the caller's params were changed. This function only computes gradients; the
    step downhill is the optimizer's."""
    loss, grads = _Network(x, labels, params).run()
    for name in params:
        params[name] -= 0.01 * grads[name]
    return loss, grads


class _Network:
    """The right network, in which a mistake may replace a part."""

    def __init__(
        self, x, labels, params, *, pad=1, relu=relu_forward, gate=relu_backward, pool=None, spread=None,
        flatten=lambda pooled: pooled.reshape(len(pooled), -1), unflatten=lambda d, pooled: d.reshape(pooled.shape),
    ):  # fmt: skip
        self.x, self.labels, self.params, self.pad = x, labels, params, pad
        self.gate, self.unflatten = gate, unflatten
        self.spread = spread or (lambda d, active: max_pool2d_backward(d, active, window=2, stride=2))
        self.conv = conv2d_forward(x, params["conv_w"], params["conv_b"], pad=pad)
        self.active = relu(self.conv)
        self.pooled = pool(self.active) if pool else max_pool2d_forward(self.active, window=2, stride=2)
        self.flat = flatten(self.pooled)
        self.scores = dense_forward(self.flat, params["dense_w"], params["dense_b"])

    def run(self, change=lambda dscores: dscores):
        params, dscores = self.params, change(softmax_cross_entropy_backward(self.scores, self.labels))
        dflat, ddense_w, ddense_b = dense_backward(dscores, self.flat, params["dense_w"], params["dense_b"])
        dactive = self.spread(self.unflatten(dflat, self.pooled), self.active)
        self.dconv = self.gate(dactive, self.conv)
        _, dconv_w, dconv_b = conv2d_backward(self.dconv, self.x, params["conv_w"], params["conv_b"], pad=self.pad)
        grads = {"conv_w": dconv_w, "conv_b": dconv_b, "dense_w": ddense_w, "dense_b": ddense_b}
        return softmax_cross_entropy(self.scores, self.labels), grads


def _tiles(active):
    batch, height, width, filters = active.shape
    whole = active[:, : height // 2 * 2, : width // 2 * 2]
    return whole.reshape(batch, height // 2, 2, width // 2, 2, filters)


def _repeated(dpooled, active):
    dactive = np.zeros_like(active)
    dactive[:, : active.shape[1] // 2 * 2, : active.shape[2] // 2 * 2] = dpooled.repeat(2, axis=1).repeat(2, axis=2)
    return dactive


def _channels_first(pooled):
    return pooled.transpose(0, 3, 1, 2).reshape(len(pooled), -1)


def _channels_last(dflat, pooled):
    batch, height, width, filters = pooled.shape
    return dflat.reshape(batch, filters, height, width).transpose(0, 2, 3, 1)
