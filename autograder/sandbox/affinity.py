"""On which cores a worker runs: on those of the grader that waits for it."""

from __future__ import annotations

import os
from contextlib import suppress


def follow(pid: int) -> None:
    """Let `pid` run where this thread may run, and nowhere else; where cores cannot be chosen nothing happens."""
    with suppress(AttributeError, OSError):  # macOS has no such call; a process that is gone is noticed elsewhere
        here = os.sched_getaffinity(0)
        if os.sched_getaffinity(pid) != here:
            os.sched_setaffinity(pid, here)
