"""CPU time as a ratio to the reference: the one figure of speed that a busy machine does not change.

Interleaved pairs, the median of their ratios, and more samples only while the ratio is too near a bar to call.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import TypeVar

T = TypeVar("T")

FEW, MANY = 3, 9
GUARD = 1.3


def timed(run: Callable[[], T]) -> tuple[T, float]:
    """The result, and the seconds of CPU time that this thread spent on it."""
    start = time.thread_time()
    result = run()
    return result, time.thread_time() - start


def settled(ratios: Sequence[float], bars: Sequence[float]) -> bool:
    """Whether the samples are enough: all on one side of every bar with room to spare, or as many as we ever take."""
    if len(ratios) < FEW:
        return False
    low, high = min(ratios) / GUARD, max(ratios) * GUARD
    return len(ratios) >= MANY or all(high <= bar or low > bar for bar in bars)


def verdict(ratios: Sequence[float]) -> float:
    """The median of the pair ratios."""
    return median(ratios)
