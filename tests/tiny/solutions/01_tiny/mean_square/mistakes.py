"""Mean square: wrong answers."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake


@mistake("mean_square")
def sums(x, y):
    """A sum, not a mean."""
    return np.sum((x - y) ** 2)


@mistake("mean_square")
def one_per_row(x, y):
    """One number per row is left. The loss is one number."""
    return np.mean((x - y) ** 2, axis=-1)


@mistake("mean_square")
def absolute(x, y):
    """The distance is not squared."""
    return np.mean(np.abs(x - y))


@mistake("mean_square_backward")
def two_forgotten(x, y):
    """The derivative of a square brings a factor."""
    return (x - y) / x.size


@mistake("mean_square_backward")
def divided_by_rows(x, y):
    """Divided by the number of rows; forward takes the mean over all entries."""
    return 2 * (x - y) / len(x) if x.ndim > 1 else 2 * (x - y)


@mistake("mean_square_backward")
def subtracted_in_place(x, y):
    """The values are right, but `-=` writes into the caller's x."""
    x -= y
    return 2 * x / x.size
