"""Sigmoid: right answers written another way, which every check must accept."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import alternative


@alternative("sigmoid_forward", fast=False)
def entry_by_entry(x):
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        if x[index] >= 0:
            out[index] = 1 / (1 + math.exp(-x[index]))
        else:
            out[index] = math.exp(x[index]) / (1 + math.exp(x[index]))
    return out


@alternative("sigmoid_forward")
def as_in_the_book(x):
    return 1 / (1 + np.exp(-x))


@alternative("sigmoid_forward")
def half_of_tanh_in_fortran_order(x):
    return np.asfortranarray((1 + np.tanh(x / 2)) / 2)


@alternative("sigmoid_forward")
def each_side_with_its_own_form(x):
    out = np.empty_like(x)
    right = x >= 0
    out[right] = 1 / (1 + np.exp(-x[right]))
    growth = np.exp(x[~right])
    out[~right] = growth / (1 + growth)
    return out


@alternative("sigmoid_forward")
def logarithm_of_the_denominator(x):
    return np.exp(-np.logaddexp(0, -x))


@alternative("sigmoid_forward")
def clipped_before_exp(x):
    return 1 / (1 + np.exp(-np.clip(x, -500, 500)))


@alternative("sigmoid_backward", fast=False)
def slope_entry_by_entry(dout, x):
    dx = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        decay = math.exp(-abs(x[index]))
        dx[index] = dout[index] * decay / (1 + decay) / (1 + decay)
    return dx


@alternative("sigmoid_backward")
def output_as_in_the_book(dout, x):
    s = 1 / (1 + np.exp(-x))
    return dout * s * (1 - s)


@alternative("sigmoid_backward")
def product_with_own_complement(dout, x):
    s = 0.5 * np.tanh(0.5 * x) + 0.5
    return np.asfortranarray(dout * s * (1 - s))


@alternative("sigmoid_backward")
def sigmoid_of_both_signs(dout, x):
    return dout * np.exp(-np.logaddexp(0, -x) - np.logaddexp(0, x))


@alternative("sigmoid_backward")
def output_less_its_square(dout, x):
    s = 1 / (1 + np.exp(np.minimum(-x, 700)))
    return dout * (s - s**2)
