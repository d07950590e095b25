"""The sandbox: where a student's code runs, and all that the rest of the grader needs to know of it."""

from __future__ import annotations

from types import TracebackType
from typing import Literal

from autograder.errors import GraderFault
from autograder.numeric.runtime import fix_runtime
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import AnyWorker, Carrier, Session, Stops
from autograder.sandbox.tiers import can_fork

Tier = Literal["sealed", "guarded", "local"]
RECYCLE = 1000


class Sandbox:
    """A context manager that owns one zygote process and hands out sessions.

    tier: "sealed" (namespaces, own root), "guarded" (Landlock and seccomp), "local" (limits only, for one's own code
    on one's own machine), or None for the best one here. GraderFault when the tier cannot be had, on first use.
    """

    def __init__(self, tier: str | None = None, limits: Limits = Limits()) -> None:
        fix_runtime()  # as early as can be: NumPy may not be imported yet
        self.tier: str = _best() if tier is None else tier
        if self.tier not in ("sealed", "guarded", "local"):
            raise ValueError(f"there is no tier {self.tier!r}; the tiers are 'sealed', 'guarded' and 'local'")
        self.limits, self.stops = limits, Stops()
        self._workers = _source_of_workers(self.tier, limits)
        self._carrier: Carrier | None = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def session(self) -> Session:
        """A new session; its worker process starts with the first question."""
        return Session(self)

    def new_worker(self) -> AnyWorker:
        """A fresh worker process."""
        return self._workers.new_worker()

    def carrier(self) -> Carrier:
        """A worker of our own that says what the wire costs, for timing; it stays until the sandbox is closed."""
        if self._carrier is None:
            self._carrier = Carrier(self.session())
        return self._carrier

    def restart(self) -> None:
        """Replace the zygote, after a fault."""
        self._workers.restart()

    def close(self) -> None:
        """End the zygote and every worker."""
        self._workers.close()


def _best() -> str:
    from autograder.sandbox.tiers import best

    return best()




def _source_of_workers(tier: str, limits: Limits) -> Forked | Spawned:
    if can_fork():
        return Forked(tier, limits)
    if tier != "local":
        raise GraderFault(f"the {tier} sandbox needs Linux; use tier 'local' for your own code")
    return Spawned(limits)


class Forked:
    """Workers from a zygote, which is replaced after RECYCLE of them; the one that may still live is replaced too."""

    def __init__(self, tier: str, limits: Limits) -> None:
        from autograder.sandbox.zygote import Zygote

        self._tier, self._limits, self._closed = tier, limits, False
        self._zygote = Zygote(tier, limits)

    def new_worker(self) -> AnyWorker:
        """A fork of the zygote, confined."""
        from autograder.sandbox.worker import Worker

        if self._zygote.spawned >= RECYCLE and self._zygote.live <= 1:
            self.restart()
        return Worker(self._zygote, self._limits)

    def restart(self) -> None:
        """End the zygote with all its workers and start another."""
        from autograder.sandbox.zygote import Zygote

        self._zygote.close()
        if not self._closed:
            self._zygote = Zygote(self._tier, self._limits)

    def close(self) -> None:
        """End the zygote with all its workers."""
        self._closed = True
        self._zygote.close()

    @property
    def zygote_pid(self) -> int:
        """The pid of the process that was started for the zygote."""
        return self._zygote.pid


class Spawned:
    """Workers that are fresh processes of their own; the next one is always on its way already."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._next = self._start()

    def new_worker(self) -> AnyWorker:
        """A fresh interpreter."""
        worker, self._next = self._next, self._start()
        return worker

    def restart(self) -> None:
        """Start over with another process."""
        self._next.kill()
        self._next = self._start()

    def close(self) -> None:
        """End the process that waits."""
        self._next.kill()

    def _start(self) -> AnyWorker:
        from autograder.sandbox.spawned import SpawnedWorker

        return SpawnedWorker(self._limits)
