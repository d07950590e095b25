"""Prove that times measured through a sandbox can be compared with those of this process."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograder.errors import GraderFault
from autograder.numeric.stopwatch import Samples, median, one_core, timed
from autograder.sandbox.exchange import TimedOutcome
from autograder.sandbox.inprocess import load
from autograder.sandbox.session import Session

BAND = 1.5
"""Factor by which the ratio may be above or below 1: less than the margin of every right answer to its bar."""
FEW, MOST = 3, 25
_SECONDS = 5.0
_SIZE = 1 << 16
_SOURCE = """
import numpy as np

def probe(x):
    square = x[:1 << 14].reshape(128, 128)
    y = np.exp(-x * x)
    for _ in range(4):
        y = y / (1.0 + y) - x
    return y + (square @ square).sum()
"""


@dataclass(frozen=True)
class Timing:
    """Facts about the times that are measured through a sandbox."""

    fault: str
    """Reason why times in the sandbox cannot be compared with times of this process, "" if they can."""
    byte_seconds: float
    """CPU seconds that a worker needs to receive or send one byte of an array."""

    FREE = 0.0005
    FACTOR = 1.5

    def carrying(self, size: int) -> float:
        """Return the CPU seconds that a worker may need to receive and send `size` bytes."""
        return self.FREE + self.FACTOR * self.byte_seconds * size


def prove(session: Session) -> Timing:
    """Time one computation in the session's worker and in this process in turn, until the ratio is about 1.

    Raise GraderFault if the worker fails.
    """
    function, x = load(_SOURCE, "probe").functions["probe"], np.linspace(-1.0, 1.0, _SIZE)
    implementation, samples, carried = session.implementation("timing", _SOURCE), Samples(), list[float]()
    with one_core():
        for number in range(MOST + 1):
            replies = implementation.time("probe", (x,), {}, _SECONDS, x.nbytes)
            if not isinstance(replies, TimedOutcome):
                raise GraderFault(f"the sandbox could not be timed: {replies}")
            base = timed(lambda: function(x))[1]
            if number:  # the first round takes fresh memory
                samples.add(replies.run, base)
                carried.append(replies.outside / replies.size)
            if number >= FEW and 1 / BAND < samples.ratio < BAND:
                return Timing("", median(carried))
    words = f"a computation takes {samples.ratio:.2g} times as long in the sandbox as in the grader's own process."
    return Timing(words, median(carried))
