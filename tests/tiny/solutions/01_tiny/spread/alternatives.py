"""Spread: right answers written another way."""

from __future__ import annotations

import numpy as np

from autograder.exercise import alternative


@alternative("spread")
def as_numpy_int(size, *, by=1):
    return np.int64(size + (size - 1) * by)


@alternative("halves")
def as_a_tuple(x):
    return x[: len(x) // 2].copy(), x[len(x) // 2 :].copy()
