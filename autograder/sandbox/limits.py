"""Define the limits of one worker and of all requests of one answer."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from autograder.implementation import Stopped

KIB = 1 << 10
MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True)
class Limits:
    """Limits of one worker; sizes in bytes, times in seconds.

    A call is limited by CPU time, which does not depend on the load of the machine; wall time only ends calls that
    sleep.
    """

    import_seconds: float = 2.5
    """CPU time of loading a source."""
    call_seconds: float = 900.0
    """Most CPU time of any request."""
    sleep_seconds: float = 2.0
    """Wall time that a call may take in addition to what a busy machine may need for it."""
    worker_cpu: int = 900
    """CPU time of a worker in total."""
    kernel_cpu: int = 1800
    """The kernel's limit on a worker's CPU time, for a worker without grader; higher, because its clock is coarse."""
    address_space: int = GIB
    """Memory of a worker."""
    file_size: int = MIB
    """Size of a file that a worker writes."""
    open_files: int = 32
    """Number of open files."""
    threads: int = 128
    """Threads of all workers of one user; not enforced for the grader's own user outside a namespace."""
    log: int = 256 * KIB
    """Printed bytes of one call."""
    reply: int = 256 * MIB
    """Most bytes of a reply, whatever the size of the request."""
    tmp_size: int = 16 * MIB
    """Size of /tmp."""
    tmp_files: int = 4096
    """Number of files in /tmp."""

    def wall(self, seconds: float) -> float:
        """Return the wall time after which a call of `seconds` of CPU time counts as sleeping."""
        return 4 * seconds + self.sleep_seconds

    def reply_cap(self, expected: int) -> int:
        """Return the most that a reply to a call may cost, in the unit of `wire.encode`.

        It is at least twice `expected`, at most 4 times that plus 64 KiB, and never more than `reply`. It is a power
        of two because the worker learns it: it must not reveal the size of a right answer.
        """
        return min(max(1 << 16, 1 << (2 * expected + (1 << 15) - 1).bit_length()), self.reply)


@dataclass
class Total:
    """Time that the requests of several sessions may take together: those of one answer."""

    seconds: float = inf
    """CPU time."""
    waiting: float = inf
    """Wall time."""
    cpu: float = 0.0
    """CPU time that was used, in seconds."""
    wall: float = 0.0
    """Wall time that was used, in seconds."""

    @property
    def left(self) -> float:
        """Return the CPU time that is left, 0 where CPU time or wall time is used up."""
        return max(0.0, self.seconds - self.cpu) if self.wall < self.waiting else 0.0

    @property
    def stopped(self) -> Stopped:
        """Return the outcome of a call for which no time is left."""
        return Stopped("total", f"more than {self.seconds:g} s of CPU time in all calls")

    def count(self, cpu: float, wall: float) -> None:
        """Count the time of one exchange."""
        self.cpu += cpu
        self.wall += wall

    def renew(self) -> None:
        """Allow the whole time again."""
        self.cpu = self.wall = 0.0
