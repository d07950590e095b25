"""Interleaved repetitions and their medians, so that disturbances of the machine affect every side equally."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from statistics import median
from time import perf_counter
from typing import TypeVar

Key = TypeVar("Key")
Result = TypeVar("Result")


def interleave(actions: Mapping[Key, Callable[[], Result]], rounds: int) -> dict[Key, list[Result]]:
    """Run every action once per round, and return its results."""
    found: dict[Key, list[Result]] = {key: [] for key in actions}
    for _ in range(rounds):
        for key, action in actions.items():
            found[key].append(action())
    return found


def ratio(samples: Iterable[float], base: Iterable[float]) -> float:
    """Return the median of the ratios of samples that were taken in the same round."""
    return median(sample / other for sample, other in zip(samples, base, strict=True))


def milliseconds(action: Callable[[], object]) -> Callable[[], float]:
    """Wrap the action, so that it returns its wall time."""

    def measured() -> float:
        start = perf_counter()
        action()
        return 1000 * (perf_counter() - start)

    return measured
