"""ReLU: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake


@mistake("relu_forward")
def writes_into_x(x):
    """The result is right, but the caller's x was changed: a line writes into the array you were given. Backward
    needs it as it was; make a new array."""
    x[x < 0] = 0
    return x


@mistake("relu_forward")
def maximum_along_an_axis(x):
    """np.max(x, 0) is the largest entry of each column, because its second argument is an axis. You want to compare
    each entry with 0."""
    return np.max(x, 0)


@mistake("relu_forward")
def returns_the_mask(x):
    """out holds only zeros and ones: whether x passes, but not what passes."""
    return (x > 0).astype(x.dtype)


@mistake("relu_forward")
def absolute_value(x):
    """Negative entries came back positive. ReLU does not fold them over, it stops them."""
    return np.abs(x)


@mistake("relu_forward")
def negative_side_kept(x):
    """The comparison points the wrong way: negative entries pass and positive ones are stopped."""
    return np.minimum(x, 0)


@mistake("relu_forward")
def clipped_at_one(x):
    """Entries above 1 were cut off. ReLU has no upper limit."""
    return np.clip(x, 0, 1)


@mistake("relu_forward")
def leaks(x):
    """Negative entries leak through with a small slope: this is the leaky ReLU, another exercise."""
    return np.where(x > 0, x, 0.01 * x)


@mistake("relu_backward")
def dout_forgotten(dout, x):
    """dx holds only zeros and ones: the local slope alone. The chain rule multiplies it by something."""
    return (x > 0).astype(dout.dtype)


@mistake("relu_backward")
def mask_from_dout(dout, x):
    """dx has the zeros where dout is negative. Whether the gate was open was decided in forward: by which array?"""
    return dout * (dout > 0)


@mistake("relu_backward")
def writes_into_dout(dout, x):
    """The result is right, but the caller's dout was changed. Other branches of the network may still need it; make a
    new array."""
    dout[x <= 0] = 0
    return dout


@mistake("relu_backward")
def everything_passes(dout, x):
    """dx is dout everywhere: the mask never closes. If it was taken from forward's output, that has no negative
    entries left to find."""
    return dout * (np.maximum(x, 0) >= 0)


@mistake("relu_backward")
def multiplied_by_the_output(dout, x):
    """dout is multiplied by the value of the output. The local derivative is a slope: how much does out change when x
    changes a little?"""
    return dout * np.maximum(x, 0)


@mistake("relu_backward")
def wrong_side_passes(dout, x):
    """The gradient passes where x is negative and stops where it is positive: the comparison points the wrong way."""
    return dout * (x < 0)


@mistake("relu_backward")
def negative_gradients_stopped(dout, x):
    """Negative gradients are stopped too. A gradient may well be negative: only the sign of x decides."""
    return np.maximum(dout * (x > 0), 0)


@mistake("relu_backward")
def slope_leaks(dout, x):
    """A small gradient comes back where x is negative: this is the leaky ReLU, another exercise."""
    return dout * np.where(x > 0, 1.0, 0.01)


@mistake("relu_forward")
def returns_the_slope(x):
    """out is the slope: 0 where x is negative and 1 elsewhere. What passes there is x itself."""
    return np.where(x < 0, 0.0, 1.0)
