"""Scale: wrong answers."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake


@mistake("scale_forward")
def adds(x, w):
    """w is added. To scale is another operation."""
    return x + w


@mistake("scale_forward")
def writes_into_x(x, w):
    """The values are right, but `*=` writes into the caller's x."""
    x *= w
    return x


@mistake("scale_forward")
def scales_rows(x, w):
    """w[:, None] stands up and meets the rows. Which axis of x has w's length?"""
    return x * w[:, None]


@mistake("scale_backward")
def dw_per_row(dout, x, w):
    """dw still has one row per example. All of them used the same w."""
    return dout * w, dout * x


@mistake("scale_backward")
def dw_kept_as_row(dout, x, w):
    """dw is a table with one row; w is a vector."""
    return dout * w, np.sum(dout * x, axis=0, keepdims=True)


@mistake("scale_backward")
def dw_averaged(dout, x, w):
    """dw is divided by the batch size, which is the loss's business."""
    return dout * w, np.mean(dout * x, axis=0)


@mistake("scale_backward")
def dout_forgotten(dout, x, w):
    """Local slopes alone: the chain rule multiplies them by something."""
    return np.broadcast_to(w, x.shape).copy(), x.sum(axis=0)


@mistake("scale_backward")
def only_dx(dout, x, w):
    """There are two inputs, so there are two gradients."""
    return dout * w
