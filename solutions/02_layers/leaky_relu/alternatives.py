"""Leaky ReLU: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("leaky_relu_forward", fast=False)
def entry_by_entry(x, *, slope=0.01):
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        out[index] = x[index] if x[index] > 0 else slope * x[index]
    return out


@alternative("leaky_relu_forward")
def larger_of_the_two(x, *, slope=0.01):
    return np.maximum(x, slope * x)


@alternative("leaky_relu_forward")
def both_sides_added(x, *, slope=0.01):
    return np.asfortranarray(np.maximum(x, 0) + slope * np.minimum(x, 0))


@alternative("leaky_relu_forward")
def copied_then_scaled(x, *, slope=0.01):
    out = x.copy()
    out[out < 0] *= slope
    return out


@alternative("leaky_relu_backward", fast=False)
def gradient_entry_by_entry(dout, x, *, slope=0.01):
    dx = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        dx[index] = dout[index] if x[index] > 0 else slope * dout[index]
    return dx


@alternative("leaky_relu_backward")
def gate_open_at_zero(dout, x, *, slope=0.01):
    return dout * np.where(x >= 0, 1.0, slope)


@alternative("leaky_relu_backward")
def mean_slope_at_zero(dout, x, *, slope=0.01):
    return dout * (1 + slope + (1 - slope) * np.sign(x)) / 2


@alternative("leaky_relu_backward")
def gradient_copied_then_scaled(dout, x, *, slope=0.01):
    dx = np.array(dout, order="F")
    dx[x < 0] *= slope
    return dx
