"""A grader in a process of its own, which chooses its tier by probing, and the test's end of it.

With `hardened` it runs where user namespaces are forbidden, and so must find the guarded tier by itself.
"""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil

ROOT = Path(__file__).parents[2]
_SUBREAPER = 36


class Grader:
    """A context manager around the process; `grade` asks it for one report."""

    def __init__(self, hardened: bool) -> None:
        words = ["tests.sandbox.hardened", "tests.redteam.grader"] if hardened else ["tests.redteam.grader"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.process = psutil.Process(self._process.pid)
        self.tier = str(self._receive())

    def __enter__(self) -> Grader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=30)

    def grade(
        self, folder: Path, skip: Collection[str] = ("speed",), key: str = "secret", hasty: bool = False
    ) -> Any:
        """The record of what is handed in there, as in its JSON form. key: of the course. hasty: with shorter limits
        of time, for what is ended by none but them."""
        assert self._process.stdin
        told = {"folder": str(folder), "skip": sorted(skip), "key": key, "hasty": hasty}
        print(json.dumps(told), file=self._process.stdin, flush=True)
        return self._receive()

    def _receive(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, f"the grader ended with {self._process.wait(30)}"
        return json.loads(line)


def main() -> None:
    """Grade what stdin names, a line each, until it is closed."""
    from autograder.course.catalog import Course
    from autograder.grading.grader import Grader, VariantCache
    from autograder.grading.pipeline import Options
    from autograder.report.json import to_dict
    from autograder.sandbox import worker
    from autograder.sandbox.limits import Limits
    from autograder.sandbox.sandbox import Sandbox
    from autograder.sandbox.selftest import selftest
    from autograder.submission import syntax
    from autograder.submission.folder import read_submission

    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)  # who escapes its parent becomes our child, and is seen
    course = Course(ROOT / "tests" / "tiny")
    exercises, grace = course.exercises(("scale", "mean_square")), worker._GRACE
    reading = syntax.SECONDS
    variants: dict[str, VariantCache] = defaultdict(VariantCache)
    usual = Limits(call_seconds=0.15, import_seconds=0.3, sleep_seconds=0.6)
    short = replace(usual, call_seconds=0.05, sleep_seconds=0.3)
    with Sandbox(limits=usual) as sandbox:
        selftest(sandbox)
        print(json.dumps(sandbox.tier), flush=True)
        for line in sys.stdin:
            told = json.loads(line)
            syntax.SECONDS = min(reading, 0.3) if told["hasty"] else reading
            submission = read_submission(Path(told["folder"]), course.functions)
            options = Options(told["key"], frozenset(told["skip"]))
            sandbox.limits, worker._GRACE = (short, 0.1) if told["hasty"] else (usual, grace)
            grader = Grader(sandbox, options, variants[f"{options}"])
            print(json.dumps(to_dict(grader.grade(submission, exercises))), flush=True)


if __name__ == "__main__":
    main()
