"""A process's CPU clock, read from outside."""

from __future__ import annotations

import os
import time


def pid_of(pidfd: int) -> int:
    """The pid, in this process's own view, of the process behind `pidfd`; ProcessLookupError once it is reaped."""
    with open(f"/proc/self/fdinfo/{pidfd}", encoding="ascii") as lines:
        for line in lines:
            if line.startswith("Pid:") and (pid := int(line.split()[1])) > 0:
                return pid
    raise ProcessLookupError(f"no process behind descriptor {pidfd}")


def cpu_time(pid: int) -> float:
    """Seconds of CPU time that all threads of `pid` have used; OSError once it is gone."""
    return time.clock_gettime((~pid << 3) | 2)


def own_cpu_time() -> float:
    """The same for this process."""
    return cpu_time(os.getpid())
