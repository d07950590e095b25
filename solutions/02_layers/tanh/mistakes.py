"""Tanh: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake


@mistake("tanh_forward")
def sigmoid(x):
    """The output runs from 0 to 1: this is sigmoid, another exercise. Tanh runs from -1 to 1."""
    return 1 / (1 + np.exp(-x))


@mistake("tanh_forward")
def half_as_steep(x):
    """The range is right, but the curve is too flat: this is tanh of half of x. As a scaled sigmoid, tanh needs a
    scaled argument too."""
    return 2 / (1 + np.exp(-x)) - 1


@mistake("tanh_forward")
def exponentials_doubled(x):
    """The curve is too steep: this is tanh of twice x. Either exp(x) and exp(-x), or exp(2x) and 1."""
    return np.tanh(2 * x)


@mistake("tanh_forward")
def brackets_forgotten(x):
    """The division came before the sums, so this is exp(x) - exp(-2x) + exp(-x). What belongs into brackets?"""
    return np.exp(x) - np.exp(-x) / np.exp(x) + np.exp(-x)


@mistake("tanh_forward")
def only_the_numerator(x):
    """This is half of exp(x) - exp(-x), the hyperbolic sine, which is not bounded. By what is it divided?"""
    return np.sinh(x)


@mistake("tanh_forward")
def signs_swapped(x):
    """The curve falls where it should rise: exp(x) and exp(-x) changed places."""
    return np.tanh(-x)


@mistake("tanh_forward")
def minus_in_the_denominator_too(x):
    """The result is 1 everywhere, and nan at 0: the exponentials are subtracted below the line as well. Which sign
    stands there?"""
    difference = np.exp(x) - np.exp(-x)
    return difference / difference


@mistake("tanh_forward")
def tangent_of_trigonometry(x):
    """This is the tangent of an angle, which has poles and a period. The hyperbolic one is made of exponentials."""
    return np.tan(x)


@mistake("tanh_forward")
def inverse_tangent(x):
    """The curve has the right shape but runs to 1.57, a quarter turn: this is the inverse tangent of an angle."""
    return np.arctan(x)


@mistake("tanh_forward")
def straight_line_clipped(x):
    """This is x itself, cut off at -1 and 1: the “hard” tanh, an approximation. Use exponentials, or np.tanh."""
    return np.clip(x, -1, 1)


@mistake("tanh_forward")
def written_into_x(x):
    """The result is right, but the caller's x was changed: `out=x` writes into the array you were given. Backward
    needs it as it was; make a new array."""
    return np.tanh(x, out=x)


@mistake("tanh_backward")
def x_taken_for_the_output(dout, x):
    """1 - x² is right when x is forward's output. Here it is forward's input: what is still to be computed?"""
    return dout * (1 - x**2)


@mistake("tanh_backward")
def tanh_applied_twice(dout, x):
    """Tanh was applied to its own output, so the slope never dies out. Compute y once, from x, and use it."""
    return dout * (1 - np.tanh(np.tanh(x)) ** 2)


@mistake("tanh_backward")
def dout_forgotten(dout, x):
    """dx lies between 0 and 1: the local slope alone. The chain rule multiplies it by something."""
    return 1 - np.tanh(x) ** 2


@mistake("tanh_backward")
def square_forgotten(dout, x):
    """The slope is 1 - y, which is 2 for large negative x. The curve is flat on both sides: what is missing?"""
    return dout * (1 - np.tanh(x))


@mistake("tanh_backward")
def slope_of_sigmoid(dout, x):
    """y * (1 - y) is the slope of sigmoid in terms of its output. What is it for tanh?"""
    y = np.tanh(x)
    return dout * y * (1 - y)


@mistake("tanh_backward")
def square_of_difference(dout, x):
    """The difference was squared: (1 - y)². What is squared, y or the whole bracket?"""
    return dout * (1 - np.tanh(x)) ** 2


@mistake("tanh_backward")
def bracket_forgotten(dout, x):
    """The subtraction came last: dout * 1 - y² takes y² from dout. What belongs into brackets?"""
    return dout * 1 - np.tanh(x) ** 2


@mistake("tanh_backward")
def slope_of_trigonometric_tangent(dout, x):
    """1 + y² is the slope of the tangent of an angle: it grows. Tanh gets flatter: look at the sign."""
    return dout * (1 + np.tanh(x) ** 2)


@mistake("tanh_backward")
def difference_turned_round(dout, x):
    """dx has the opposite sign everywhere: y² - 1. Tanh rises, so its slope is positive."""
    return dout * (np.tanh(x) ** 2 - 1)


@mistake("tanh_backward")
def tanh_of_dout(dout, x):
    """The slope was taken at dout. Where the curve is, x decides: dout is only the factor that comes from above."""
    return dout * (1 - np.tanh(dout) ** 2)


@mistake("tanh_backward")
def dout_scaled_in_place(dout, x):
    """The result is right, but the caller's dout was changed: a line writes into the array you were given. Other
    branches of the network may still need it; make a new array."""
    dout *= 1 - np.tanh(x) ** 2
    return dout
