"""Tied autoencoder: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("tied_autoencoder_backward")
def slope_of_the_output(dout, x, w):
    """tanh was applied twice: the slope was taken as if h were the sum. Which of the two does 1 - h^2 take?"""
    return _back(dout, x, w, lambda s, h: 1 - np.tanh(h) ** 2)


@mistake("tied_autoencoder_backward")
def way_out_missing(dout, x, w):
    """dw knows only the first of the two places where w is used. What does the other one send back?"""
    dx, ds, h = _walk(dout, x, w)
    return dx, x.T @ ds


@mistake("tied_autoencoder_backward")
def way_in_missing(dout, x, w):
    """dx is right; dw knows only the second of the two places where w is used. What does the first one send back?"""
    dx, ds, h = _walk(dout, x, w)
    return dx, dout.T @ h


@mistake("tied_autoencoder_backward")
def ways_averaged(dout, x, w):
    """dx is right, and dw is half of what it should be: the two ways were averaged. What does a fan-out do with what
    comes back?"""
    dx, ds, h = _walk(dout, x, w)
    return dx, (x.T @ ds + dout.T @ h) / 2


@mistake("tied_autoencoder_backward")
def slope_forgotten(dout, x, w):
    """The gradient passes the hidden layer as if there were no tanh."""
    return _back(dout, x, w, lambda s, h: 1)


@mistake("tied_autoencoder_backward")
def slope_from_the_sum(dout, x, w):
    """The slope was computed from the sums. 1 - h^2 takes what tanh sends on."""
    return _back(dout, x, w, lambda s, h: 1 - s**2)


@mistake("tied_autoencoder_backward")
def slope_of_the_sigmoid(dout, x, w):
    """h * (1 - h) is the slope of the sigmoid. That of tanh looks similar, but is another one."""
    return _back(dout, x, w, lambda s, h: h * (1 - h))


@mistake("tied_autoencoder_backward")
def power_forgotten(dout, x, w):
    """The slope is 1 - h, and should be 1 where the sum is 0 and fall to both sides. What is missing?"""
    return _back(dout, x, w, lambda s, h: 1 - h)


@convention("tied_autoencoder_backward")
def averaged_over_batch(dout, x, w):
    """dw is too small by the size of the batch. Some courses put the loss's 1/B into the layers; here dout carries it,
    and a layer only sums."""
    dx, ds, h = _walk(dout, x, w)
    return dx, (x.T @ ds + dout.T @ h) / len(x)


@mistake("tied_autoencoder_backward")
def dout_changed_in_place(dout, x, w):
    """The numbers are right, but the caller's dout was changed. Make a new array."""
    dx, ds, h = _walk(dout, x, w)
    dw = x.T @ ds + dout.T @ h
    dout *= 0
    return dx, dw


def _walk(dout, x, w, slope=lambda s, h: 1 - h**2):
    s = x @ w
    h = np.tanh(s)
    ds = dout @ w * slope(s, h)
    return ds @ w.T, ds, h


def _back(dout, x, w, slope):
    dx, ds, h = _walk(dout, x, w, slope)
    return dx, x.T @ ds + dout.T @ h
