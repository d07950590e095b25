"""CPU time as a ratio to the reference, which a busy machine hardly changes.

Answer, reference and the transport between the processes are measured in turn and on one core: two cores of a shared
machine can differ by half for minutes, and no number of samples helps against that. What else disturbs a measurement
of CPU time only ever adds to it, so the least of each is nearest the truth; more samples are taken while the ratio is
too near a bar to call, and before an answer is called slow.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from autograder.numeric.runtime import fix_runtime

T = TypeVar("T")

FEW, SURE, MANY = 3, 5, 9
GUARD, FAR = 1.3, 3.0


def timed(run: Callable[[], T]) -> tuple[T, float]:
    """The result, and the seconds of CPU time that this thread spent on it."""
    fix_runtime()
    start = time.thread_time()
    result = run()
    return result, time.thread_time() - start


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this thread, and the workers that it calls, on its present core.

    Where cores cannot be chosen (macOS) nothing happens.
    """
    try:
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {_core()})
    except (AttributeError, OSError):
        yield
        return
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _core() -> int:
    """The core that this thread runs on: field 39 of its line in /proc."""
    with open("/proc/thread-self/stat", "rb") as line:
        return int(line.read().rpartition(b")")[2].split()[36])


@dataclass
class Samples:
    """CPU seconds, one of each per round: the call with its transport, the transport alone, the reference."""

    answer: list[float] = field(default_factory=list)
    transport: list[float] = field(default_factory=list)
    base: list[float] = field(default_factory=list)

    def add(self, answer: float, transport: float, base: float) -> None:
        """One more round."""
        self.answer.append(answer)
        self.transport.append(transport)
        self.base.append(base)

    @property
    def seconds(self) -> float:
        """The time of the answer without transport."""
        return max(min(self.answer) - min(self.transport), 0.0)

    @property
    def ratio(self) -> float:
        """The time of the answer in multiples of the reference's."""
        return self.seconds / min(self.base)

    def settled(self, bars: Sequence[float]) -> bool:
        """Whether another round could not change which bars are passed: one is enough far beyond the last bar, a few
        for a fast answer, more before an answer is called slow, and as many as we ever take near a bar."""
        count = len(self.base)
        if count and self.ratio > FAR * bars[-1]:
            return True
        if count < FEW or count >= MANY:
            return count >= MANY
        near = any(bar / GUARD < self.ratio < bar * GUARD for bar in bars)
        return not near and (self.ratio <= bars[0] or count >= SURE)
