"""Ramp: right answers written another way."""

from __future__ import annotations

import numpy as np

from autograder.exercise import alternative


@alternative("ramp_backward")
def flat_at_the_kink(dout, x):
    return dout * np.sign(x)
