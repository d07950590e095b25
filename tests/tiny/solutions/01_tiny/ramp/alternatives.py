"""Ramp: right answers written another way."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("ramp_backward")
def flat_at_the_kink(dout, x):
    return dout * np.sign(x)


@alternative("ramp_forward")
def the_larger_of_both(x):
    return np.maximum(x, -x)


@alternative("ramp_forward")
def times_its_sign(x):
    return x * np.sign(x)


@alternative("ramp_backward")
def falling_at_the_kink(dout, x):
    return np.where(x > 0, dout, -dout)
