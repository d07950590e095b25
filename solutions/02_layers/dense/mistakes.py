"""Dense: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("dense_forward")
def bias_forgotten(x, w, b):
    """Every output column is off by the same number in all rows. Which argument is added to every row?"""
    return _rows(x) @ w


@mistake("dense_forward")
def x_not_flattened(x, w, b):
    """Fine for (B, D), but images have more axes. Make one row of numbers of each example first."""
    return x @ w + b


@convention("dense_forward")
def flattened_first_axis_fastest(x, w, b):
    """The pixels of an image were strung together in another order, that of MATLAB and Fortran, so they meet the wrong
    weights. The last axis runs fastest, whatever the array's memory order."""
    return x.reshape(len(x), -1, order="F") @ w + b


@convention("dense_forward")
def weights_transposed(x, w, b):
    """w is (D, M): one column per output. It was used as if it were one row per output, as PyTorch stores it."""
    return _rows(x) @ w.T + b


@mistake("dense_forward")
def bias_down_the_rows(x, w, b):
    """The bias was added along the batch: one number per example. It belongs to the outputs: one number per column."""
    return _rows(x) @ w + b[:, None]


@mistake("dense_forward")
def single_axes_dropped(x, w, b):
    """An axis of length 1 has disappeared: `squeeze` removes the batch axis too when there is only one example, and
    the output axis when there is only one output."""
    return (_rows(x) @ w + b).squeeze()


@mistake("dense_backward")
def dx_left_flat(dout, x, w, b):
    """The values of dx are right, but its examples are rows. A gradient has the shape of what it is the gradient of."""
    return dout @ w.T, _rows(x).T @ dout, dout.sum(axis=0)


@mistake("dense_backward")
def db_keeps_an_axis(dout, x, w, b):
    """The values of db are right, but it has a second axis of length 1. b is a vector: (M,)."""
    dx, dw, db = _right(dout, x, w)
    return dx, dw, db[None, :]


@mistake("dense_backward")
def db_not_summed(dout, x, w, b):
    """db has one row per example. The same bias was added to all of them: what becomes of their gradients?"""
    dx, dw, _ = _right(dout, x, w)
    return dx, dw, dout.copy()


@mistake("dense_backward")
def db_summed_over_outputs(dout, x, w, b):
    """db was summed along the wrong axis: it has one number per example. There is one bias per output."""
    dx, dw, _ = _right(dout, x, w)
    return dx, dw, dout.sum(axis=1)


@convention("dense_backward")
def averaged_over_batch(dout, x, w, b):
    """dw and db are too small by the size of the batch. Some courses put the loss's 1/B into the layers; here the loss
    has averaged already, and dout carries that factor: a layer only sums."""
    dx, dw, db = _right(dout, x, w)
    return dx, dw / len(x), db / len(x)


@mistake("dense_backward")
def dw_transposed(dout, x, w, b):
    """dw is right, but transposed. Compare its shape with that of w; for a square w only the numbers tell."""
    dx, dw, db = _right(dout, x, w)
    return dx, dw.T, db


@mistake("dense_backward")
def dx_weights_not_transposed(dout, x, w, b):
    """dx multiplies dout by w as it stands. Forward went from D to M, dx has to go back: write the shapes under the
    product. For a square w only the numbers tell."""
    _, dw, db = _right(dout, x, w)
    return (dout @ w).reshape(x.shape), dw, db


@mistake("dense_backward")
def backward_x_not_flattened(dout, x, w, b):
    """Fine for (B, D), but images have more axes. Flatten x here as you did in forward."""
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


@mistake("dense_backward")
def db_without_dout(dout, x, w, b):
    """db only counts the examples: it is the local derivative alone. The chain rule multiplies it by something."""
    dx, dw, _ = _right(dout, x, w)
    return dx, dw, np.full(b.shape, float(len(x)))


@mistake("dense_backward")
def backward_single_axes_dropped(dout, x, w, b):
    """An axis of length 1 has disappeared: `squeeze` also removes axes that belong there, when there is one example or
    one output."""
    return tuple(gradient.squeeze() for gradient in _right(dout, x, w))


@mistake("dense_backward")
def db_as_a_list(dout, x, w, b):
    """The values of db are right, but they came back as a list of Python. Return an array."""
    dx, dw, db = _right(dout, x, w)
    return dx, dw, db.tolist()


def _rows(x):
    return x.reshape(len(x), -1)


def _right(dout, x, w):
    return (dout @ w.T).reshape(x.shape), _rows(x).T @ dout, dout.sum(axis=0)
