"""Provide one sandbox per tier for all tests. A missing tier is skipped, but not in continuous integration."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import psutil
import pytest

from autograder.implementation import Outcome
from autograder.numeric.sample import cost
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.tiers import probe

SECONDS = 0.5


@pytest.fixture(scope="session", params=["sealed", "guarded"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Provide a confined sandbox of each tier."""
    need(request.param)
    with Sandbox(request.param) as opened:
        yield opened


def need(tier: str) -> None:
    """Skip the test where this machine lacks the tier, but not in continuous integration."""
    report = next(report for report in probe() if report.name == tier)
    if not report.available and not os.environ.get("CI"):
        pytest.skip(f"no {report.name} tier here: {report.why}")


@pytest.fixture(scope="session")
def local() -> Iterator[Sandbox]:
    """Provide an unconfined sandbox for tests that need no tier."""
    with Sandbox("local") as opened:
        yield opened


Ask = Callable[..., Outcome]


@pytest.fixture
def ask(local: Sandbox) -> Iterator[Ask]:
    """Provide ask(source, function, *args, **kwargs) in one session of the local tier."""
    with local.session() as session:

        def run(source: str, function: str, *args: object, seconds: float = SECONDS, **kwargs: object) -> Outcome:
            names = tuple(f"a{index}" for index in range(len(args)))
            return session.implementation("exercise", source).call(
                function, args, kwargs, names=names, seconds=seconds, expected=cost(args)
            )

        yield run


def descendants() -> set[int]:
    """Return the pids of all running processes below this one."""
    return {process.pid for process in psutil.Process().children(recursive=True) if process.is_running()}


def have_ended(processes: Iterable[psutil.Process], seconds: float) -> bool:
    """Wait until the processes have ended, whether or not somebody has reaped them; return whether all did in time."""
    end, ended = time.monotonic() + seconds, True
    for process in processes:
        with suppress(ProcessLookupError):
            descriptor = os.pidfd_open(process.pid)
            try:
                ended &= bool(select.select([descriptor], [], [], max(end - time.monotonic(), 0.0))[0])
            finally:
                os.close(descriptor)
    return ended
