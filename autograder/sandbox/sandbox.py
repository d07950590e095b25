"""Provide the sandbox, which runs student code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from autograder.errors import GraderFault
from autograder.numeric.runtime import fix_runtime
from autograder.sandbox.limits import Limits, Total
from autograder.sandbox.spawned import SpawnedWorker
from autograder.sandbox.tiers import best, can_fork
from autograder.sandbox.worker import Worker, Zygote

if TYPE_CHECKING:
    from autograder.sandbox.inprocess import Timing
    from autograder.sandbox.session import Session

Tier = Literal["sealed", "guarded", "local"]
AnyWorker = Worker | SpawnedWorker
RECYCLE = 1000
_PROVEN: dict[str, Timing] = {}


class Sandbox:
    """Context manager that owns one zygote and opens sessions.

    tier: "sealed" (namespaces, own root), "guarded" (Landlock and seccomp), "local" (limits only, for one's own code on
    one's own machine), or None for the best one here. Raise GraderFault on first use if the tier is not available.
    new_worker, restart, close: start a worker; replace the zygote after a fault; end the zygote and every worker.
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
        if can_fork():
            self._workers: Forked | Spawned = Forked(self.tier, limits)
        elif self.tier == "local":
            self._workers = Spawned(limits)
        else:
            raise GraderFault(f"the {self.tier} sandbox needs Linux; use tier 'local' for your own code")
        self.new_worker, self.restart, self.close = (
            self._workers.new_worker, self._workers.restart, self._workers.close
        )  # fmt: skip

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

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
        from autograder.sandbox.inprocess import prove

        known = _PROVEN.get(self.tier)
        if known is None or known.fault:
            with self.session() as session:
                _PROVEN[self.tier] = prove(session)
        return _PROVEN[self.tier]


class Forked:
    """Source of workers forked from a zygote, which is replaced after RECYCLE of them if at most one is running."""

    def __init__(self, tier: str, limits: Limits) -> None:
        self._tier, self._limits, self._closed = tier, limits, False
        self._zygote = Zygote(tier, limits)

    def new_worker(self) -> AnyWorker:
        """Fork and confine a worker."""
        if self._zygote.spawned >= RECYCLE and self._zygote.live <= 1:
            self.restart()
        return Worker(self._zygote, self._limits)

    def restart(self) -> None:
        """End the zygote with all its workers and start another."""
        self._zygote.close()
        if not self._closed:
            self._zygote = Zygote(self._tier, self._limits)

    def close(self) -> None:
        """End the zygote with all its workers."""
        self._closed = True
        self._zygote.close()


class Spawned:
    """Source of workers that are separate processes; the next one is started in advance."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._next = limits, SpawnedWorker(limits)

    def new_worker(self) -> AnyWorker:
        """Return the worker that was started in advance, and start the next."""
        worker, self._next = self._next, SpawnedWorker(self._limits)
        return worker

    def restart(self) -> None:
        """Replace the process that was started in advance."""
        self.new_worker().kill()

    def close(self) -> None:
        """End the process that was started in advance."""
        self._next.kill()
