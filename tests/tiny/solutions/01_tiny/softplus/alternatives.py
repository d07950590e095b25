"""Softplus: right answers written another way."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("softplus")
def by_logaddexp(x):
    return np.logaddexp(x, 0)


@alternative("softplus")
def in_fortran_order(x):
    return np.asfortranarray(np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))))
