"""On which cores this process may run, and a worker: on those of the grader that waits for it."""

from __future__ import annotations

import os
from contextlib import suppress


def cores() -> int:
    """How many cores this process may use: those that a scheduler or a container left it, where the system says so."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def follow(pid: int) -> None:
    """Let `pid` run where this thread may run, and nowhere else; where cores cannot be chosen nothing happens."""
    with suppress(AttributeError, OSError):  # macOS has no such call; a process that is gone is noticed elsewhere
        here = os.sched_getaffinity(0)
        if os.sched_getaffinity(pid) != here:
            os.sched_setaffinity(pid, here)
