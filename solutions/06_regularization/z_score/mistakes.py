"""Z-score: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("z_score")
def constant_column_divided_by_zero(x):
    """nan where a column is constant: 0/0. What should come out there, and what must the divisor be then?"""
    return (x - x.mean(axis=0)) / x.std(axis=0)


@mistake("z_score")
def small_number_in_the_divisor(x):
    """A small number was added to every divisor to avoid 0/0, so no std is quite 1. Treat the constant column alone."""
    return (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-6)


@mistake("z_score")
def small_number_under_the_root(x):
    """A small number was added under the root, as in batch normalization. Here the constant column is treated alone."""
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5)


@convention("z_score")
def unbiased(x):
    """out is a little too near 0, for its std has the divisor B - 1, the estimate for a population, as pandas, R and
    MATLAB have it. Here it is B."""
    std = np.sqrt(np.sum((x - x.mean(axis=0)) ** 2, axis=0) / max(len(x) - 1, 1))
    return (x - x.mean(axis=0)) / _or_one(std)


@mistake("z_score")
def root_forgotten(x):
    """x was divided by the variance. Divide by its root, the standard deviation."""
    return (x - x.mean(axis=0)) / _or_one(x.var(axis=0))


@mistake("z_score")
def over_the_whole_table(x):
    """One mean and one std were taken of the whole table. Every feature has its own: give the axis."""
    return (x - x.mean()) / x.std()


@mistake("z_score")
def each_row(x):
    """Each row was standardized: one example, across its features. A feature is a column: which axis runs down it?"""
    return (x - x.mean(axis=1, keepdims=True)) / _or_one(x.std(axis=1, keepdims=True))


@mistake("z_score")
def mean_not_subtracted(x):
    """The std is 1, but the mean is not 0: x was only divided."""
    return x / _or_one(x.std(axis=0))


@mistake("z_score")
def not_divided(x):
    """The mean is 0, but the std is not 1: x was only shifted."""
    return x - x.mean(axis=0)


@mistake("z_score")
def median_subtracted(x):
    """The median was subtracted. The z-score counts from the mean."""
    return (x - np.median(x, axis=0)) / _or_one(x.std(axis=0))


@mistake("z_score")
def std_about_zero(x):
    """The divisor is the root of the mean square of x itself. A std is taken about the mean: centre first."""
    return (x - x.mean(axis=0)) / _or_one(np.sqrt(np.mean(x**2, axis=0)))


@mistake("z_score")
def sum_of_squares_not_averaged(x):
    """out is too small by the root of B: the squares were added, not averaged."""
    return (x - x.mean(axis=0)) / _or_one(x.std(axis=0) * np.sqrt(len(x)))


@mistake("z_score")
def mean_absolute_deviation(x):
    """The divisor is the mean distance from the mean. A std averages squares and takes the root."""
    return (x - x.mean(axis=0)) / _or_one(np.abs(x - x.mean(axis=0)).mean(axis=0))


@mistake("z_score")
def divided_by_the_range(x):
    """The divisor is max - min. That is mixed with min-max normalization: divide by the std."""
    return (x - x.mean(axis=0)) / _or_one(np.ptp(x, axis=0))


@mistake("z_score")
def centred_in_place(x):
    """The result is right, but the caller's x was changed: a line writes into the array you were given. Make a new
    array."""
    x -= x.mean(axis=0)
    return x / _or_one(x.std(axis=0))


@mistake("z_score")
def deviation_not_below_a_limit(x):
    """Small standard deviations were raised to a limit. Treat the constant column alone; all others keep their own."""
    return (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-3)


def _or_one(std):
    return np.where(std == 0, 1.0, std)
