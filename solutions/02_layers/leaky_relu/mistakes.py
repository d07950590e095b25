"""Leaky ReLU: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake


@mistake("leaky_relu_forward")
def does_not_leak(x, *, slope=0.01):
    """Negative entries became 0: this is ReLU, another exercise. A part of them should get through: which?"""
    return np.maximum(x, 0)


@mistake("leaky_relu_forward")
def slope_fixed(x, *, slope=0.01):
    """The slope is always 0.01: right by default only. Take it from the argument."""
    return np.where(x > 0, x, 0.01 * x)


@mistake("leaky_relu_forward")
def slope_itself_leaks(x, *, slope=0.01):
    """Negative entries all became the same number, the slope itself. A slope is multiplied by something."""
    return np.maximum(x, slope)


@mistake("leaky_relu_forward")
def negative_side_turned_up(x, *, slope=0.01):
    """Negative entries came back positive. They are made smaller, not folded over."""
    return np.where(x > 0, x, -slope * x)


@mistake("leaky_relu_forward")
def sides_swapped(x, *, slope=0.01):
    """Positive entries were made smaller and negative ones passed: the comparison points the wrong way, or minimum
    stands for maximum."""
    return np.minimum(x, slope * x)


@mistake("leaky_relu_forward")
def one_less_the_slope(x, *, slope=0.01):
    """Negative entries are multiplied by 1 - slope: nearly all of them leaks. How much should?"""
    return np.where(x > 0, x, (1 - slope) * x)


@mistake("leaky_relu_forward")
def slope_subtracted(x, *, slope=0.01):
    """The slope was subtracted from negative entries. A slope is a factor."""
    return np.where(x > 0, x, x - slope)


@mistake("leaky_relu_forward")
def exponential_on_the_left(x, *, slope=0.01):
    """The negative side is curved and levels off: this is the ELU. Here it is a straight line."""
    return np.where(x > 0, x, slope * np.expm1(np.minimum(x, 0)))


@mistake("leaky_relu_forward")
def written_into_x(x, *, slope=0.01):
    """The result is right, but the caller's x was changed: `x[...] *= ` writes into the array you were given. Backward
    needs it as it was; make a new array."""
    x[x < 0] *= slope
    return x


@mistake("leaky_relu_backward")
def nothing_leaks_back(dout, x, *, slope=0.01):
    """No gradient comes back where x is negative: this is ReLU. What went through there a little, comes back a
    little."""
    return dout * (x > 0)


@mistake("leaky_relu_backward")
def slope_fixed_in_backward(dout, x, *, slope=0.01):
    """The slope is always 0.01: right by default only. Take it from the argument."""
    return np.where(x > 0, dout, 0.01 * dout)


@mistake("leaky_relu_backward")
def output_for_slope(dout, x, *, slope=0.01):
    """Where x is negative, dout is multiplied by slope * x, the output. The local derivative is a slope: how much does
    out change when x changes a little?"""
    return dout * np.where(x > 0, 1.0, slope * x)


@mistake("leaky_relu_backward")
def slope_times_x_without_dout(dout, x, *, slope=0.01):
    """Where x is negative, dx is slope * x. Backward multiplies what comes from above: which argument is that?"""
    return np.where(x > 0, dout, slope * x)


@mistake("leaky_relu_backward")
def slope_without_dout(dout, x, *, slope=0.01):
    """Where x is negative, dx is the slope alone. The chain rule multiplies it by dout there too."""
    return np.where(x > 0, dout, slope)


@mistake("leaky_relu_backward")
def dout_forgotten(dout, x, *, slope=0.01):
    """dx holds only ones and slopes: the local derivative alone. The chain rule multiplies it by something."""
    return np.where(x > 0, 1.0, slope)


@mistake("leaky_relu_backward")
def mask_from_dout(dout, x, *, slope=0.01):
    """dx is small where dout is negative. Whether the gate was open was decided in forward: by which array?"""
    return np.where(dout > 0, dout, slope * dout)


@mistake("leaky_relu_backward")
def sign_of_the_product(dout, x, *, slope=0.01):
    """The sign of dout times x decides. Only the sign of x does: a gradient may well be negative."""
    return np.where(dout * x > 0, dout, slope * dout)


@mistake("leaky_relu_backward")
def everything_passes(dout, x, *, slope=0.01):
    """dx is dout everywhere. What was made smaller in forward comes back smaller too."""
    return dout.copy()


@mistake("leaky_relu_backward")
def gradient_sides_swapped(dout, x, *, slope=0.01):
    """The gradient is small where x is positive and whole where it is negative: the comparison points the wrong way,
    or the two branches changed places."""
    return np.where(x < 0, dout, slope * dout)


@mistake("leaky_relu_backward")
def gradient_turned_down(dout, x, *, slope=0.01):
    """Where x is negative, dx has the wrong sign. The line rises on the negative side too."""
    return np.where(x > 0, dout, -slope * dout)


@mistake("leaky_relu_backward")
def divided_by_slope(dout, x, *, slope=0.01):
    """Where x is negative, dx is dout divided by the slope, so it is large. Backward does not undo forward: it
    multiplies by the same slope."""
    return np.where(x > 0, dout, dout / slope if slope else 0.0)


@mistake("leaky_relu_backward")
def written_into_dout(dout, x, *, slope=0.01):
    """The result is right, but the caller's dout was changed. Other branches of the network may still need it; make a
    new array."""
    dout[x <= 0] *= slope
    return dout
