"""Output size: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import convention, mistake


@mistake("output_size")
def true_division(size, *, window, stride=1, pad=0):
    """The result is a float, and not whole when the stride does not divide. `/` always makes floats: which division
    rounds down and keeps ints?"""
    return (size + 2 * pad - window) / stride + 1


@mistake("output_size")
def whole_but_a_float(size, *, window, stride=1, pad=0):
    """The number is right, but it is a float. NumPy's floor and ceil return floats; a shape needs an int."""
    return np.floor((size + 2 * pad - window) / stride) + 1


@mistake("output_size")
def rounded_to_nearest(size, *, window, stride=1, pad=0):
    """The number of steps is rounded to the nearest. When half a step or more is left over, the last window then
    hangs over the edge: it is always rounded down."""
    return round((size + 2 * pad - window) / stride) + 1


@mistake("output_size")
def rounded_up(size, *, window, stride=1, pad=0):
    """The number of steps is rounded up, so a last window hangs over the edge. A window that does not fit whole is
    left out."""
    return math.ceil((size + 2 * pad - window) / stride) + 1


@mistake("output_size")
def first_place_forgotten(size, *, window, stride=1, pad=0):
    """One too few: these are the steps from place to place. With no step at all, how many places are there?"""
    return (size + 2 * pad - window) // stride


@mistake("output_size")
def one_added_before_dividing(size, *, window, stride=1, pad=0):
    """The 1 was added before dividing by the stride. Right for stride 1 only: a place is counted, not a pixel."""
    return (size + 2 * pad - window + 1) // stride


@mistake("output_size")
def bracket_forgotten(size, *, window, stride=1, pad=0):
    """Only the window was divided by the stride: division comes before subtraction. What belongs into brackets?"""
    return size + 2 * pad - window // stride + 1


@mistake("output_size")
def one_in_the_denominator(size, *, window, stride=1, pad=0):
    """The 1 was added to the stride. It belongs to the result: the fraction bar ends before it."""
    return (size + 2 * pad - window) // (stride + 1)


@mistake("output_size")
def stride_ignored(size, *, window, stride=1, pad=0):
    """The stride is not used: these are the places of a window that moves by one pixel."""
    return size + 2 * pad - window + 1


@mistake("output_size")
def pad_ignored(size, *, window, stride=1, pad=0):
    """The padding is not used. How long is the axis when zeros have been added on both sides?"""
    return (size - window) // stride + 1


@mistake("output_size")
def padded_on_one_side(size, *, window, stride=1, pad=0):
    """The padding was counted once. `pad` is the number of zeros on each side."""
    return (size + pad - window) // stride + 1


@mistake("output_size")
def padding_added_to_the_result(size, *, window, stride=1, pad=0):
    """The padding was added to the result. It makes the image larger, before the window starts to slide."""
    return (size - window) // stride + 1 + 2 * pad


@mistake("output_size")
def size_over_stride(size, *, window, stride=1, pad=0):
    """This is the size divided by the stride, so the last windows hang over the edge. Where does the window itself
    come in?"""
    return (size + 2 * pad) // stride


@convention("output_size")
def size_over_stride_rounded_up(size, *, window, stride=1, pad=0):
    """This is what some libraries call “same” padding: the size divided by the stride, rounded up. Here `pad` says
    how much is padded, and the window has to fit."""
    return -(-size // stride)


@mistake("output_size")
def jumps_by_the_window(size, *, window, stride=1, pad=0):
    """The window moves by its own size. The step is given as `stride`."""
    return (size + 2 * pad - window) // window + 1


@mistake("output_size")
def padding_divided_alone(size, *, window, stride=1, pad=0):
    """The padding was divided by the stride by itself, and rounded down by itself. Add it before you divide."""
    return (size - window) // stride + 1 + 2 * pad // stride
