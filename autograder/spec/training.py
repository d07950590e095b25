"""The words of a training exercise: which rows are given, which are kept back, how good is good, how long may it take.

A student writes `train(x, labels, *, rng) -> params` and `predict(x, params) -> labels`. What params are is theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator


@dataclass(frozen=True)
class Rows:
    """x (B, ...) and labels (B,) to train on; fresh and truth: rows of the same kind and their labels, kept back."""

    x: np.ndarray
    labels: np.ndarray
    fresh: np.ndarray
    truth: np.ndarray


@dataclass(frozen=True)
class Shrink:
    """Train twice, with `flag` False and True: the gap in accuracy between given and fresh rows must shrink by `by`.

    fits: what the first run must reach on its own rows, for where nothing over-fits there is nothing to shrink.
    """

    flag: str
    by: float
    fits: float


@dataclass(frozen=True)
class Training:
    """rows: drawn from the variant's seed. bars: (accuracy on fresh rows, share of the points), best first.

    times: multiples of the reference's CPU time up to which all and half of the speed points are earned.
    numbers: the most that params may hold, so that rows cannot be handed on instead of what was learned from them.
    """

    rows: Callable[[Generator], Rows]
    bars: tuple[tuple[float, float], ...]
    times: tuple[float, float] = (10.0, 60.0)
    numbers: int = 12_000
    shrink: Shrink | None = None


