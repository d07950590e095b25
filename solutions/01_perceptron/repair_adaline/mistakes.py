"""Adaline's gradient: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("adaline_backward")
def bias_left_out(x, y, w, b):
    """The errors are off by b, and right only where b is 0. Of what are they the difference?"""
    return _gradients(x, x @ w - y)


@mistake("adaline_backward")
def db_summed(x, y, w, b):
    """db grows with the batch. The loss is a mean over the examples: is that true of db too?"""
    dw, db = _gradients(x, x @ w + b - y)
    return dw, db * len(x)


@mistake("adaline_backward")
def dw_summed(x, y, w, b):
    """db is right and dw grows with the batch. The loss is a mean over the examples: is that true of dw too?"""
    dw, db = _gradients(x, x @ w + b - y)
    return dw * len(x), db


@convention("adaline_backward")
def both_summed(x, y, w, b):
    """This is the gradient of the summed loss, as in Widrow's own rule. Here the loss is a mean over the batch."""
    dw, db = _gradients(x, x @ w + b - y)
    return dw * len(x), db * len(x)


@convention("adaline_backward")
def factor_two_forgotten(x, y, w, b):
    """Everything is half of what it should be: some courses put a factor ½ before the squared error. Here is none."""
    dw, db = _gradients(x, x @ w + b - y)
    return dw / 2, db / 2


@mistake("adaline_backward")
def bias_subtracted(x, y, w, b):
    """The bias was taken away where it should be added. On which side of the difference does it stand?"""
    return _gradients(x, x @ w - b - y)


@mistake("adaline_backward")
def sign_flipped(x, y, w, b):
    """The gradients point the other way. They lead uphill: which of the two is subtracted from which?"""
    return _gradients(x, y - x @ w - b)


@mistake("adaline_backward")
def error_not_squared(x, y, w, b):
    """Only the sign of each error counts, as for the L1 loss. What is the slope of a square?"""
    return _gradients(x, np.sign(x @ w + b - y) / 2)


@mistake("adaline_backward")
def x_changed_in_place(x, y, w, b):
    """The numbers are right, but the caller's x was changed: a line writes into the array you were given."""
    gradients = _gradients(x, x @ w + b - y)
    x *= 2
    return gradients


def _gradients(x, error):
    return 2 * x.T @ error / len(x), 2 * error.mean()
