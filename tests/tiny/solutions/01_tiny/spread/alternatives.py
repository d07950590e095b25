"""Spread: right answers written another way."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("spread")
def as_numpy_int(size, *, by=1):
    return np.int64(size + (size - 1) * by)


@alternative("halves")
def as_a_tuple(x):
    return x[: len(x) // 2].copy(), x[len(x) // 2 :].copy()


@alternative("spread")
def counted(size, *, by=1):
    return len(range(0, size * (by + 1), 1)) - by


@alternative("extremes")
def by_methods(x):
    return {"high": x.max(axis=0), "low": x.min(axis=0)}


@alternative("extremes")
def sorted_first(x):
    ordered = np.sort(x, axis=0)
    return {"low": ordered[0], "high": ordered[-1]}


@alternative("halves")
def by_array_split(x):
    return np.split(x, [len(x) // 2])
