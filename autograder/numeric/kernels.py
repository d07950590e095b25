"""The speed of this machine at typical NumPy code, measured by a few kernels.

The reference's time on one machine and the kernels' on both tell its time on the other: if it is a mixture of them, it
is slower or faster by no more than the kernel that differs most.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from autograder.numeric.stopwatch import median, timed

FIRST = 9
# Factor by which an estimate may be wrong besides the differences among the kernels.
MARGIN = 2.0

_SQUARE = np.linspace(-1, 1, 160 * 160).reshape(160, 160)
_TABLE = np.linspace(-1, 1, 256 * 256).reshape(256, 256)
_PAIR = np.linspace(0, 1, 2)


def _calls() -> None:
    for _ in range(300):
        _PAIR + _PAIR


# What dominates the references: products, transcendental functions, memory, strides, reductions, and Python itself.
KERNELS: dict[str, Callable[[], object]] = {
    "matmul": lambda: _SQUARE @ _SQUARE,
    "exp": lambda: np.exp(_TABLE),
    "add": lambda: _TABLE + _TABLE,
    "transpose": lambda: np.ascontiguousarray(_TABLE.T),
    "sum": lambda: _TABLE.sum(axis=0),
    "calls": _calls,
}

_ROUNDS: list[dict[str, float]] = []
"""Seconds of CPU time of each kernel, for every round of this process."""


def once() -> dict[str, float]:
    """Run each kernel once, half a millisecond in all; return its seconds of CPU time by name."""
    for _ in range(1 if _ROUNDS else 2):  # the first round takes fresh memory
        _ROUNDS.append({name: max(timed(kernel)[1], 1e-9) for name, kernel in KERNELS.items()})
    return _ROUNDS[-1]


def least() -> dict[str, float]:
    """Return the least seconds of CPU time that each kernel took in this process; a disturbance only adds time."""
    while len(_ROUNDS) <= FIRST:
        once()
    return {name: min(found[name] for found in _ROUNDS) for name in KERNELS}


def pace(here: Mapping[str, float], there: Mapping[str, float]) -> float:
    """Return the median ratio of the kernels' times here to those there."""
    return median([here[name] / there[name] for name in here if name in there] or [1.0])


def doubt(here: Mapping[str, float], there: Mapping[str, float]) -> float:
    """Return the factor by which `pace` may be wrong: the largest deviation of a kernel from it, times a margin."""
    middle = pace(here, there)
    factors = [here[name] / there[name] / middle for name in here if name in there]
    return MARGIN * max([1.0, *factors, *(1 / factor for factor in factors)])
