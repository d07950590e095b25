"""The sandbox, which starts the processes that run student code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from autograder.errors import GraderFault
from autograder.numeric.runtime import fix_runtime
from autograder.sandbox.limits import Limits, Total
from autograder.sandbox.tiers import best, can_fork
from autograder.sandbox.worker import Worker, Zygote

if TYPE_CHECKING:
    from autograder.sandbox.session import Session
    from autograder.sandbox.spawned import SpawnedWorker
    from autograder.sandbox.timing import Timing

Tier = Literal["sealed", "guarded", "local"]
RECYCLE = 1000
_PROVEN: dict[str, Timing] = {}


class Sandbox:
    """Context manager that owns one zygote and opens sessions.

    tier: "sealed" (namespaces, own root), "guarded" (Landlock and seccomp), "local" (limits only, for one's own code on
    one's own machine), or None for the best one here. Raise GraderFault on first use if the tier is not available.
    A zygote forks the workers, and is replaced after RECYCLE of them if at most one is running; where processes cannot
    be forked, a worker is a process of its own, and the next one is started in advance.

    stops: text → the line at which loading it ended, 0 if unknown, so that an endless text is waited for only once.
    """

    MOST_STOPS = 64

    def __init__(self, tier: str | None = None, limits: Limits = Limits()) -> None:
        fix_runtime()  # before NumPy is imported
        self.tier: str = best() if tier is None else tier
        if self.tier not in ("sealed", "guarded", "local"):
            raise ValueError(f"there is no tier {self.tier!r}; the tiers are 'sealed', 'guarded' and 'local'")
        self.limits = limits
        self.stops: dict[str, int] = {}
        if self.tier != "local" and not can_fork():
            raise GraderFault(f"the {self.tier} sandbox needs Linux; use tier 'local' for your own code")
        self._closed = False
        self._source = self._start()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _start(self) -> Zygote | SpawnedWorker:
        if can_fork():
            return Zygote(self.tier, self.limits)
        from autograder.sandbox.spawned import SpawnedWorker

        return SpawnedWorker(self.limits)

    def new_worker(self) -> Worker | SpawnedWorker:
        """Start a worker, forked by the zygote or as a process of its own, and return it."""
        source = self._source
        if not isinstance(source, Zygote):
            self._source = self._start()
            return source
        if source.spawned >= RECYCLE and source.live <= 1:
            self.restart()
            return self.new_worker()
        return Worker(source, self.limits)

    def restart(self) -> None:
        """Replace the zygote with all its workers, or the process that was started in advance."""
        self._source.close()
        if not self._closed:
            self._source = self._start()

    def close(self) -> None:
        """End the zygote with all its workers, or the process that was started in advance."""
        self._closed = True
        self._source.close()

    def session(self, total: Total | None = None) -> Session:
        """Return a new session, whose worker starts with the first request. total: for it and other sessions."""
        from autograder.sandbox.session import Session  # it imports NumPy, meanwhile the zygote starts

        return Session(self, total)

    def timing_fault(self) -> str:
        """Return why calls cannot be timed here, "" if they can: proven once per process and tier."""
        return fix_runtime() or self._timing().fault

    def carrying(self, size: int) -> float:
        """Return the CPU seconds that a worker may need to receive and send `size` bytes."""
        return self._timing().carrying(size)

    def _timing(self) -> Timing:
        """Return what was proven of this tier in this process; what failed is tried again."""
        from autograder.sandbox.timing import prove

        known = _PROVEN.get(self.tier)
        if known is None or known.fault:
            with self.session() as session:
                _PROVEN[self.tier] = prove(session)
        return _PROVEN[self.tier]
