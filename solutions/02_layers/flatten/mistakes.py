"""Flatten: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("flatten_forward")
def whole_batch_flattened(x):
    """The whole batch became one long row. The examples stay apart: one row for each."""
    return x.reshape(-1)


@convention("flatten_forward")
def one_column_per_example(x):
    """Each example became a column. Some courses write it so; here the first axis is the batch, so it is a row."""
    return x.reshape(len(x), -1).T


@mistake("flatten_forward")
def examples_mixed(x):
    """The shape is right, but each row holds numbers of several examples. A reshape reads on through memory: which
    axis has to stay first?"""
    return x.reshape(-1, len(x)).T


@mistake("flatten_forward")
def batch_size_last(x):
    """The batch size went to the end, so the shape is turned round and the examples are mixed. Which axis of the
    result counts the examples?"""
    return x.reshape(-1, len(x))


@convention("flatten_forward")
def channels_first(x):
    """The channels were brought to the front before flattening, as libraries with (B, C, H, W) do. Here the last axis
    stays last and runs fastest."""
    return np.moveaxis(x, -1, 1).reshape(len(x), -1)


@convention("flatten_forward")
def first_axis_fastest(x):
    """The numbers of an example came in another order, that of MATLAB and Fortran: its first axis runs fastest. The
    last one should."""
    return x.reshape(len(x), -1, order="F")


@mistake("flatten_forward")
def memory_order(x):
    """The flattening follows how x happens to lie in memory, so an array in Fortran order comes out scrambled. The
    last axis runs fastest, whatever the memory order."""
    return x.reshape(len(x), -1, order="A")


@mistake("flatten_forward")
def channels_kept(x):
    """The pixels were strung out, but the channels are still an axis of their own. A row holds all numbers of an
    example."""
    return x.reshape(len(x), -1, x.shape[-1])


@mistake("flatten_forward")
def single_axes_dropped(x):
    """An axis of length 1 has disappeared: `squeeze` removes the batch axis too when there is only one example. The
    result always has two axes."""
    return x.reshape(len(x), -1).squeeze()


@mistake("flatten_forward")
def averaged_over_pixels(x):
    """Each channel was averaged over its pixels, so most numbers are gone. Flattening keeps them all."""
    return x.reshape(len(x), -1, x.shape[-1]).mean(axis=1)


@mistake("flatten_forward")
def shape_set_in_place(x):
    """`x.shape = ` changes the array you were given: the caller's x is flat afterwards too, and backward needs its
    shape. In Fortran order it fails outright. Ask for a reshaped array instead."""
    x.shape = (len(x), -1)
    return x


@mistake("flatten_backward")
def left_flat(dout, x):
    """dx is still flat. A gradient has the shape of what it is the gradient of: what shape had forward's input?"""
    return dout.copy()


@convention("flatten_backward")
def put_back_first_axis_fastest(dout, x):
    """The shape is right, but the numbers went to other pixels: each example's first axis was filled fastest, as in
    MATLAB and Fortran. Forward let the last axis run fastest."""
    return dout.reshape(x.shape, order="F")


@convention("flatten_backward")
def put_back_channels_first(dout, x):
    """The shape is right, but the numbers went to other pixels, as if forward had brought the channels to the front,
    where libraries with (B, C, H, W) have them. In which order did forward string them together?"""
    turned = np.moveaxis(x, -1, 1).shape
    return np.moveaxis(dout.reshape(turned), 1, -1)


@mistake("flatten_backward")
def put_back_transposed(dout, x):
    """The shape is right, but each example received numbers of others: dout was transposed first. Is its first axis
    not the batch already?"""
    return dout.T.reshape(x.shape)


@mistake("flatten_backward")
def nothing_comes_back(dout, x):
    """dx is 0 everywhere. Flatten has no weights to learn, but what lies before it has: the gradient passes through."""
    return np.zeros_like(x)


@mistake("flatten_backward")
def dout_forgotten(dout, x):
    """dx is 1 everywhere: the local slope alone. The chain rule multiplies it by something."""
    return np.ones_like(x)


@mistake("flatten_backward")
def multiplied_by_x(dout, x):
    """dout is multiplied by x. The local derivative is a slope: how much does out change when x changes a little?"""
    return dout.reshape(x.shape) * x


@mistake("flatten_backward")
def x_comes_back(dout, x):
    """dx is x itself. Forward's output is not its gradient: which argument carries that?"""
    return x.copy()


@mistake("flatten_backward")
def averaged_over_batch(dout, x):
    """dx is too small by the size of the batch. The loss has averaged already, and dout carries that factor."""
    return dout.reshape(x.shape) / len(x)


@mistake("flatten_backward")
def gradient_single_axes_dropped(dout, x):
    """An axis of length 1 has disappeared: `squeeze` also removes axes that belong there, such as the batch axis when
    there is only one example. dx has the shape of x."""
    return dout.reshape(x.shape).squeeze()


@mistake("flatten_backward")
def dout_reshaped_in_place(dout, x):
    """The result is right, but the caller's dout has another shape afterwards: `dout.shape = ` changes the array you
    were given. Ask for a reshaped array instead."""
    dout.shape = x.shape
    return dout
