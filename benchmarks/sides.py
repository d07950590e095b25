"""Sides of a comparison in separate processes, which are sampled in turn so that they do not disturb each other.

Only the standard library is imported here, because a side may run in another Python without other packages.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import lru_cache
from time import process_time

from benchmarks.usage import ONE_THREAD, ROOT, Failed

Action = Callable[[], object]
Prepared = tuple[Action, float]
"""An action and what to multiply its time by, to speak of the work that was asked about."""

_SAMPLE = 0.01  # seconds: what takes less is done several times


class Side:
    """Process that runs `python -m module` with one BLAS thread, and returns samples until the block ends."""

    def __init__(self, python: str, module: str) -> None:
        self._command = [python, "-m", module]

    def __enter__(self) -> Side:
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, env={**os.environ, **ONE_THREAD}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        return self

    def __exit__(self, *error: object) -> None:
        self._process.communicate()

    def sample(self, *call: object) -> float:
        """Return milliseconds of CPU time; Failed where the process ended during the sample."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise Failed(f"{' '.join(self._command)} ended over {call}; what it printed stands above")
        return float(answer)


def serve(prepare: Callable[..., Prepared]) -> None:
    """Answer each line of standard input, the JSON arguments of `prepare`, with a sample of what it prepared."""

    @lru_cache(maxsize=4)  # what one kernel's sides need: their arrays are large
    def prepared(line: str) -> Callable[[], float]:
        return sampler(*prepare(*json.loads(line)))

    for line in sys.stdin:
        print(prepared(line)(), flush=True)


def sampler(action: Action, factor: float = 1.0) -> Callable[[], float]:
    """Wrap the action, so that it returns the CPU milliseconds of one call, times the factor.

    Every sample begins with a call that is not timed, because the other sides have used the caches since the last one.
    """
    action()
    calls = max(1, round(_SAMPLE / max(_seconds(action, 1), 1e-6)))

    def sample() -> float:
        action()
        return 1000 * factor * _seconds(action, calls) / calls

    return sample


def _seconds(action: Action, calls: int) -> float:
    start = process_time()
    for _ in range(calls):
        action()
    return process_time() - start
