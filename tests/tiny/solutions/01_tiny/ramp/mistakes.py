"""Ramp: wrong answers."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake


@mistake("ramp_forward")
def rectifies(x):
    """Negative entries became zero instead of positive."""
    return np.maximum(x, 0)


@mistake("ramp_backward")
def sign_forgotten(dout, x):
    """Where x is negative, out falls when x rises."""
    return dout.copy()


@mistake("ramp_backward")
def sign_of_dout(dout, x):
    """The slope is decided by x, not by dout."""
    return np.abs(dout)


@mistake("ramp_backward")
def twice_at_the_kink(dout, x):
    """At x = 0 both sides were added."""
    return dout * ((x >= 0) * 1.0 - (x < 0)) + dout * (x == 0)


@mistake("ramp_backward")
def flipped_in_place(dout, x):
    """The values are right, but the caller's dout is changed."""
    dout[x < 0] *= -1
    return dout
