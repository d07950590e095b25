"""Arctangent normalization: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake


@mistake("arctan_normalize")
def factor_two_forgotten(x):
    """The range is -0.5 to 0.5: a factor is missing."""
    return np.arctan(x) / np.pi


@mistake("arctan_normalize")
def pi_forgotten(x):
    """The range is -pi to pi: the division is missing."""
    return 2 * np.arctan(x)


@mistake("arctan_normalize")
def arctangent_alone(x):
    """This is the arctangent alone, which ends at pi/2. Which factor makes 1 of that?"""
    return np.arctan(x)


@mistake("arctan_normalize")
def factor_inside(x):
    """The factor 2 stands inside the arctangent. It belongs outside, where it stretches the range."""
    return np.arctan(2 * x) / np.pi


@mistake("arctan_normalize")
def divided_inside(x):
    """Everything stands inside the arctangent. First the arctangent, then the factor 2/pi."""
    return np.arctan(2 * x / np.pi)


@mistake("arctan_normalize")
def multiplied_by_pi(x):
    """The result was multiplied by pi/2 where it takes the inverse: how large may it become?"""
    return np.arctan(x) * np.pi / 2


@mistake("arctan_normalize")
def degrees(x):
    """The angle was taken in degrees and divided by pi. NumPy's arctan is in radians: no conversion is needed."""
    return 2 * np.degrees(np.arctan(x)) / np.pi


@mistake("arctan_normalize")
def tangent(x):
    """This is the tangent. The arctangent is its inverse: np.arctan."""
    return 2 * np.tan(x) / np.pi


@mistake("arctan_normalize")
def hyperbolic_tangent(x):
    """This is tanh, which has the same range but another curve."""
    return np.tanh(x)


@mistake("arctan_normalize")
def zero_to_one(x):
    """The range is 0 to 1: a half was added, as for a sigmoid. Here 0 stays 0."""
    return np.arctan(x) / np.pi + 0.5


@mistake("arctan_normalize")
def pi_rounded(x):
    """A rounded pi was typed in, such as 3.14. NumPy has all digits: np.pi."""
    return 2 * np.arctan(x) / 3.14


@mistake("arctan_normalize")
def absolute_value(x):
    """Negative numbers came back positive. The sign stays."""
    return 2 * np.arctan(np.abs(x)) / np.pi


@mistake("arctan_normalize")
def written_into_x(x):
    """The result is right, but the caller's x was changed: `out=x` writes into the array you were given."""
    np.arctan(x, out=x)
    return 2 * x / np.pi
