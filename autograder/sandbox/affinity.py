"""Choose the cores of this process, and of a worker: those of the grader that waits for it."""

from __future__ import annotations

import os
from contextlib import suppress


def cores() -> int:
    """Return how many cores this process may use: those left by a scheduler or a container, where reported."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def follow(pid: int) -> None:
    """Let `pid` run only on the cores of this thread; do nothing where cores cannot be chosen."""
    with suppress(AttributeError, OSError):  # macOS has no such call; a process that ended is noticed elsewhere
        here = os.sched_getaffinity(0)
        if os.sched_getaffinity(pid) != here:
            os.sched_setaffinity(pid, here)
