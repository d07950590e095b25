"""What confinement costs: `python benchmarks/sandbox.py` prints medians in milliseconds for every tier to be had here.

start: from nothing to a zygote that can fork. exercise: spawn, load and five calls of honest code, then the worker's
end. call: one more call in a living worker. selftest: the proof before grading. death: a crash and the next answer.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np

from autograder.candidate import Returned
from autograder.sandbox import Sandbox, probe, selftest

SOURCE = """
import os
import numpy as np

def dense(x, w, b):
    return x @ w + b

def die():
    os._exit(1)
"""
ROUNDS = 50


def milliseconds(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median time of one action."""
    times = []
    for _ in range(rounds):
        start = perf_counter()
        action()
        times.append(1000 * (perf_counter() - start))
    return median(times)


def start(tier: str) -> None:
    """A zygote from nothing, until its first worker is ready."""
    with Sandbox(tier) as sandbox:
        sandbox.new_worker().kill()


def exercise(sandbox: Sandbox, calls: int = 5) -> None:
    """One honest submission."""
    rng = np.random.default_rng(0)
    args = (rng.standard_normal((8, 5)), rng.standard_normal((5, 3)), rng.standard_normal(3))
    with sandbox.session() as session:
        candidate = session.candidate("dense", SOURCE)
        for _ in range(calls):
            outcome = candidate.call("dense", args, {}, names=("x", "w", "b"), seconds=1)
            assert isinstance(outcome, Returned), outcome


def measure(tier: str) -> dict[str, float]:
    """All medians of one tier."""
    found = {"start": milliseconds(lambda: start(tier), 5)}
    with Sandbox(tier) as sandbox, sandbox.session() as session:
        found["exercise"] = milliseconds(lambda: exercise(sandbox))
        candidate = session.candidate("dense", SOURCE)
        args = (np.ones((8, 5)), np.ones((5, 3)), np.ones(3))
        call = lambda: candidate.call("dense", args, {}, names=("x", "w", "b"), seconds=1)  # noqa: E731
        call()
        found["call"] = milliseconds(call, 200)
        found["death"] = milliseconds(lambda: (candidate.call("die", (), {}, names=(), seconds=1), call()))
        found["selftest"] = milliseconds(lambda: selftest(sandbox), 10)
    return found


def main() -> None:
    """Print one line per tier."""
    for report in probe():
        if not report.available:
            print(f"{report.name:8} not here: {report.why}")
            continue
        words = (f"{name} {value:6.1f}" for name, value in measure(report.name).items())
        print(f"{report.name:8} " + "   ".join(words))


if __name__ == "__main__":
    main()
