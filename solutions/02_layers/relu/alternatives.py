"""ReLU: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("relu_forward", fast=False)
def entry_by_entry(x):
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        if x[index] > 0:
            out[index] = x[index]
    return out


@alternative("relu_forward")
def multiplied_by_mask(x):
    return x * (x > 0)


@alternative("relu_forward")
def chosen_by_where(x):
    return np.where(x > 0, x, 0.0)


@alternative("relu_forward")
def half_of_sum_with_absolute_value(x):
    return np.asfortranarray((x + np.abs(x)) / 2)


@alternative("relu_forward")
def copied_then_assigned(x):
    out = x.copy()
    out[out < 0] = 0
    return out


@alternative("relu_backward", fast=False)
def gradient_entry_by_entry(dout, x):
    dx = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        if x[index] > 0:
            dx[index] = dout[index]
    return dx


@alternative("relu_backward")
def gate_open_at_zero(dout, x):
    return np.where(x >= 0, dout, 0.0)


@alternative("relu_backward")
def half_the_slope_at_zero(dout, x):
    return dout * (np.sign(x) + 1) / 2


@alternative("relu_backward")
def gradient_copied_then_assigned(dout, x):
    dx = np.array(dout, order="F")
    dx[x <= 0] = 0
    return dx
