"""Min-max normalization: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("min_max_normalize")
def constant_column_divided_by_zero(x):
    """nan where a column is constant: 0/0. What should come out there, and what must the divisor be then?"""
    return (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0))


@mistake("min_max_normalize")
def constant_column_gives_one(x):
    """A constant column came out as 1. Its entries are their column's minimum as well: the assignment says 0."""
    span = x.max(axis=0) - x.min(axis=0)
    return np.where(span > 0, (x - x.min(axis=0)) / np.where(span > 0, span, 1), 1.0)


@mistake("min_max_normalize")
def small_number_in_the_divisor(x):
    """A small number was added to every divisor to avoid 0/0, so no column reaches 1. Treat only constant columns."""
    return (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0) + 1e-6)


@mistake("min_max_normalize")
def over_the_whole_table(x):
    """One minimum and one maximum were taken of the whole table. Every feature has its own: give the axis."""
    return (x - x.min()) / (_span(x.max() - x.min()))


@mistake("min_max_normalize")
def each_row(x):
    """Each row was normalized: one example, across its features. A feature is a column: which axis runs down it?"""
    low, high = x.min(axis=1, keepdims=True), x.max(axis=1, keepdims=True)
    return (x - low) / _span(high - low)


@mistake("min_max_normalize")
def minimum_not_subtracted(x):
    """The range has the right length, but does not start at 0: the minimum was subtracted in the divisor only."""
    return x / _span(x.max(axis=0) - x.min(axis=0))


@mistake("min_max_normalize")
def divided_by_the_maximum(x):
    """The divisor is the maximum, right only where the minimum is 0. How long is the range?"""
    return (x - x.min(axis=0)) / _span(x.max(axis=0))


@mistake("min_max_normalize")
def parentheses_forgotten(x):
    """A division comes before a subtraction: `x - min / max - min` needs parentheses."""
    return x - x.min(axis=0) / _span(x.max(axis=0)) - x.min(axis=0)


@mistake("min_max_normalize")
def turned_around(x):
    """The largest value became 0 and the smallest 1: the other way round."""
    return (x.max(axis=0) - x) / _span(x.max(axis=0) - x.min(axis=0))


@convention("min_max_normalize")
def minus_one_to_one(x):
    """The range is -1 to 1, which is in use too. Here it is 0 to 1."""
    return 2 * (x - x.min(axis=0)) / _span(x.max(axis=0) - x.min(axis=0)) - 1


@mistake("min_max_normalize")
def shifted_in_place(x):
    """The result is right, but the caller's x was changed: a line writes into the array you were given. Make a new
    array."""
    x -= x.min(axis=0)
    return x / _span(x.max(axis=0))


def _span(span):
    return np.where(span == 0, 1.0, span)
