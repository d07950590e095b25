"""CPU time as a ratio to the reference, which a busy machine hardly changes.

Answer and reference are measured in turn and on one core: two cores of a shared machine can differ by half for minutes,
and no number of samples helps against that. What else disturbs a measurement of CPU time only adds to it, to the
answer's as to the reference's, so their medians are compared: with the least, one cheap round would hide all others.
More samples are taken while the ratio is too near a bar to call, while the rounds disagree, and before an answer is
called slow.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import truediv
from typing import TypeVar

from autograder.numeric.runtime import fix_runtime

T = TypeVar("T")

FEW, SURE, MANY = 3, 5, 11
GUARD, FAR = 1.3, 3.0
# So far below the first bar one round is enough: more than any disturbance of the reference was seen to hide.
CLEAR = 4.0


def timed(run: Callable[[], T]) -> tuple[T, float]:
    """Return the result, and the seconds of CPU time that this thread spent on it."""
    fix_runtime()
    start = time.thread_time()
    result = run()
    return result, time.thread_time() - start


def median(values: Sequence[float]) -> float:
    """Return the median. That of the standard library needs modules which a single `check` would wait for."""
    ordered, half = sorted(values), len(values) // 2
    return (ordered[half] + ordered[~half]) / 2


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this thread, and the workers that it calls, on its present core.

    Where cores cannot be chosen (macOS) nothing happens.
    """
    try:
        before = os.sched_getaffinity(0)
        with open("/proc/thread-self/stat", "rb") as line:  # field 39 is the core that this thread runs on
            os.sched_setaffinity(0, {int(line.read().rpartition(b")")[2].split()[36])})
    except (AttributeError, OSError):
        yield
        return
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@dataclass
class Samples:
    """The measured CPU seconds of an answer and of the reference, one pair per round."""

    answer: list[float] = field(default_factory=list)
    base: list[float] = field(default_factory=list)

    def add(self, answer: float, base: float) -> None:
        """Add the CPU seconds of one more round."""
        self.answer.append(answer)
        self.base.append(base)

    @property
    def ratio(self) -> float:
        """Return the median time of the answer divided by that of the reference."""
        return median(self.answer) / median(self.base)

    def settled(self, bars: Sequence[float]) -> bool:
        """Return whether enough rounds were measured to tell which bars the ratio passes.

        One round is enough far below all bars, two if both are far above them (a pause of the machine can hit one),
        FEW for a fast answer, SURE before an answer is called slow, and MANY near a bar or where rounds disagree.
        """
        count, ratios = len(self.base), sorted(map(truediv, self.answer, self.base))
        if count and (self.ratio * CLEAR < bars[0] or (count > 1 and ratios[0] > FAR * bars[-1])):
            return True
        if count < FEW or count >= MANY:
            return count >= MANY
        low, high = ratios[count // 4], ratios[-1 - count // 4]  # half of the rounds lie between them
        if any(bar / GUARD < self.ratio < bar * GUARD or low < bar < high for bar in bars):
            return False
        return self.ratio <= bars[0] or count >= SURE
