"""Tanh: right answers written another way, which every check must accept."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import alternative


@alternative("tanh_forward", fast=False)
def entry_by_entry(x):
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        out[index] = math.tanh(x[index])
    return out


@alternative("tanh_forward")
def numpys_own(x):
    return np.tanh(x)


@alternative("tanh_forward")
def quotient_of_exponentials(x):
    up, down = np.exp(x), np.exp(-x)
    return (up - down) / (up + down)


@alternative("tanh_forward")
def scaled_sigmoid_in_fortran_order(x):
    return np.asfortranarray(2 / (1 + np.exp(-2 * x)) - 1)


@alternative("tanh_backward", fast=False)
def slope_entry_by_entry(dout, x):
    dx = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        dx[index] = dout[index] * (1 - math.tanh(x[index]) ** 2)
    return dx


@alternative("tanh_backward")
def one_less_the_square(dout, x):
    return dout * (1 - np.tanh(x) ** 2)


@alternative("tanh_backward")
def over_the_square_of_cosh(dout, x):
    return np.asfortranarray(dout / np.cosh(x) ** 2)


@alternative("tanh_backward")
def four_sigmoid_slopes(dout, x):
    s = 1 / (1 + np.exp(-2 * x))
    return 4 * dout * s * (1 - s)
