"""Log normalization: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import convention, mistake


@mistake("log_normalize")
def over_the_whole_table(x):
    """One maximum was taken of the whole table. Every feature has its own: give the axis."""
    return np.log(x) / np.log(x.max())


@mistake("log_normalize")
def each_row(x):
    """The maximum of each row was taken: one example, across its features. A feature is a column."""
    return np.log(x) / np.log(x.max(axis=1, keepdims=True))


@mistake("log_normalize")
def logarithm_of_the_quotient(x):
    """This is log(x / max), which is a difference of logarithms and never positive. Divide the logarithms."""
    return np.log(x / x.max(axis=0))


@mistake("log_normalize")
def divided_by_the_maximum(x):
    """The divisor is the maximum itself. Take its logarithm too, so that the largest value becomes 1."""
    return np.log(x) / x.max(axis=0)


@mistake("log_normalize")
def logarithm_forgotten(x):
    """x was divided by the maximum: the scale is still a straight one."""
    return x / x.max(axis=0)


@mistake("log_normalize")
def two_bases(x):
    """The largest value did not become 1: the two logarithms have different bases."""
    return np.log(x) / np.log10(x.max(axis=0))


@convention("log_normalize")
def one_added(x):
    """1 was added inside the logarithm (log1p). That saves values below 1, which do not occur here."""
    return np.log1p(x) / np.log1p(x.max(axis=0))


@mistake("log_normalize")
def small_number_added(x):
    """A small number was added inside the logarithm or below the line. Neither log 0 nor 0/0 can occur here."""
    return np.log(x + 1e-6) / np.log(x.max(axis=0) + 1e-6)


@mistake("log_normalize")
def minimum_subtracted(x):
    """The smallest value of each column became 0: this is min-max normalization of the logarithms. Only 1 becomes 0."""
    logs = np.log(x)
    span = logs.max(axis=0) - logs.min(axis=0)
    return (logs - logs.min(axis=0)) / np.where(span == 0, 1, span)


@mistake("log_normalize")
def not_divided(x):
    """These are the logarithms alone. Divide, so that the largest value becomes 1."""
    return np.log(x)


@mistake("log_normalize")
def logarithms_written_into_x(x):
    """The result is right, but the caller's x was changed: `out=x` or `x[...] =` writes into the array you were given.
    Make a new array."""
    np.log(x, out=x)
    return x / x.max(axis=0)
