"""Spread: wrong answers."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake


@mistake("spread")
def one_gap_too_many(size, *, by=1):
    """There is no gap behind the last entry."""
    return size + size * by


@mistake("spread")
def a_float(size, *, by=1):
    """A length is an int: `/` makes a float."""
    return (2 * size + 2 * (size - 1) * by) / 2


@mistake("extremes")
def of_rows(x):
    """These are the extremes of the rows."""
    return {"low": x.min(axis=1), "high": x.max(axis=1)}


@mistake("extremes")
def wrong_keys(x):
    """The keys are others."""
    return {"min": x.min(axis=0), "max": x.max(axis=0)}


@mistake("halves")
def first_half_longer(x):
    """With three rows, the middle one belongs to the second half."""
    middle = (len(x) + 1) // 2
    return [x[:middle], x[middle:]]


@mistake("halves")
def equal_halves_only(x):
    """np.split demands equal parts."""
    if len(x) % 2:
        raise ValueError("array split does not result in an equal division")
    return np.split(x, 2)[::-1]
