"""Sigmoid: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake


@mistake("sigmoid_forward")
def infinity_over_infinity(x):
    """Right for small numbers, but for large positive ones this is inf / inf, which is nan. Which form of the formula
    is safe for positive x, and which for negative x?"""
    return np.exp(x) / (1 + np.exp(x))


@mistake("sigmoid_forward")
def sign_of_exponent(x):
    """The curve falls where it should rise: large numbers come out near 0. Look at the sign of the exponent."""
    return 1 / (1 + np.exp(x))


@mistake("sigmoid_forward")
def bracket_forgotten(x):
    """The division came before the addition: 1 / 1 + exp(-x) is 1 + exp(-x). What belongs into brackets?"""
    return 1 / 1 + np.exp(-x)


@mistake("sigmoid_forward")
def one_forgotten(x):
    """This is exp(x), which is not bounded. What stands next to the exponential in the denominator?"""
    return 1 / np.exp(-x)


@mistake("sigmoid_forward")
def hyperbolic_tangent(x):
    """The output runs from -1 to 1: this is tanh, another exercise. Sigmoid runs from 0 to 1."""
    return np.tanh(x)


@mistake("sigmoid_forward")
def twice_as_steep(x):
    """The range is right, but the curve is too steep: sigmoid is a scaled tanh, of half its argument."""
    return 0.5 * np.tanh(x) + 0.5


@mistake("sigmoid_forward")
def straight_line_clipped(x):
    """This is a straight line, cut off at 0 and 1: the “hard” sigmoid, an approximation. Use the exponential."""
    return np.clip(0.2 * x + 0.5, 0, 1)


@mistake("sigmoid_forward")
def clipped_away_from_0_and_1(x):
    """The output was kept a little away from 0 and 1, so large numbers come out a little wrong. Logarithms that need
    that distance belong into the loss."""
    return np.clip(0.5 * np.tanh(x / 2) + 0.5, 1e-7, 1 - 1e-7)


@mistake("sigmoid_forward")
def normalised_over_a_row(x):
    """The entries influence each other: they were divided by the sum over a row, which is softmax. Sigmoid looks at
    each entry alone."""
    decay = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return decay / decay.sum(axis=-1, keepdims=True)


@mistake("sigmoid_forward")
def zero_or_one(x):
    """The output is 0 or 1 with nothing in between: this is the step of the perceptron. Sigmoid is smooth."""
    return (x >= 0).astype(x.dtype)


@mistake("sigmoid_forward")
def x_halved_in_place(x):
    """The result is right, but the caller's x was changed: `x /= 2` writes into the array you were given. Backward
    needs it as it was; make a new array."""
    x /= 2
    return 0.5 * np.tanh(x) + 0.5


@mistake("sigmoid_backward")
def sigmoid_applied_twice(dout, x):
    """Sigmoid was applied to its own output, so the slope is nearly the same everywhere. Compute s once, from x, and
    use it."""
    s = _sigmoid(_sigmoid(x))
    return dout * s * (1 - s)


@mistake("sigmoid_backward")
def x_taken_for_the_output(dout, x):
    """x * (1 - x) is right when x is forward's output. Here it is forward's input: what is still to be computed?"""
    return dout * x * (1 - x)


@mistake("sigmoid_backward")
def dout_forgotten(dout, x):
    """dx is never negative and at most 1/4: the local slope alone. The chain rule multiplies it by something."""
    return _sigmoid(x) * (1 - _sigmoid(x))


@mistake("sigmoid_backward")
def one_factor_only(dout, x):
    """dx is dout times sigmoid itself. The slope of sigmoid dies out on both sides: which factor makes it die out on
    the right?"""
    return dout * _sigmoid(x)


@mistake("sigmoid_backward")
def brackets_forgotten(dout, x):
    """The subtraction came last: dout * s * 1 - s takes s from the product. What belongs into brackets?"""
    s = _sigmoid(x)
    return dout * s * 1 - s


@mistake("sigmoid_backward")
def slope_of_tanh(dout, x):
    """1 - s² is the slope of tanh in terms of its output. What is it for sigmoid?"""
    return dout * (1 - _sigmoid(x) ** 2)


@mistake("sigmoid_backward")
def factors_turned_round(dout, x):
    """dx has the opposite sign everywhere: the second factor is turned round. Sigmoid rises, so its slope is
    positive."""
    s = _sigmoid(x)
    return dout * s * (s - 1)


@mistake("sigmoid_backward")
def sigmoid_of_dout(dout, x):
    """The slope was taken at dout. Where the curve is, x decides: dout is only the factor that comes from above."""
    s = _sigmoid(dout)
    return dout * s * (1 - s)


@mistake("sigmoid_backward")
def gradient_infinity_over_infinity(dout, x):
    """Right for small numbers, but for large negative ones this is inf / inf, which is nan. Write the slope with s,
    and compute s so that exp sees only numbers that are not positive."""
    return dout * np.exp(-x) / (1 + np.exp(-x)) ** 2


@mistake("sigmoid_backward")
def gradient_infinity_on_the_right(dout, x):
    """Right for small numbers, but for large positive ones s is inf / inf, which is nan. Which form of the formula is
    safe for positive x?"""
    s = np.exp(x) / (1 + np.exp(x))
    return dout * s * (1 - s)


@mistake("sigmoid_backward")
def dout_scaled_in_place(dout, x):
    """The result is right, but the caller's dout was changed: a line writes into the array you were given. Other
    branches of the network may still need it; make a new array."""
    s = _sigmoid(x)
    dout *= s * (1 - s)
    return dout


@mistake("sigmoid_backward")
def square_of_the_sigmoid(dout, x):
    """s stands twice: this is dout times the square of the sigmoid. Which second factor has the slope?"""
    return dout * _sigmoid(x) ** 2


def _sigmoid(x):
    return 0.5 * np.tanh(x / 2) + 0.5
