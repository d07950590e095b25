"""Read the CPU clock of another process."""

from __future__ import annotations

import os
import time

SETTLE_SECONDS = 0.002


def pid_of(pidfd: int) -> int:
    """Return the pid, in this process's view, of the process behind `pidfd`; ProcessLookupError once it is reaped."""
    with open(f"/proc/self/fdinfo/{pidfd}", encoding="ascii") as lines:
        for line in lines:
            if line.startswith("Pid:") and (pid := int(line.split()[1])) > 0:
                return pid
    raise ProcessLookupError(f"no process behind descriptor {pidfd}")


def cpu_time(pid: int) -> float:
    """Return seconds of CPU time that all threads of `pid` have used; raise OSError once it is gone."""
    return time.clock_gettime((~pid << 3) | 2)


def settle(pid: int) -> None:
    """Wait briefly until `pid` sleeps: the kernel updates the time of a running process only now and then."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while _runs(pid) and time.monotonic() < deadline:
        os.sched_yield()


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0] == b"R"
    except OSError:
        return False
