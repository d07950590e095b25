"""The functions `check`, for students, and `grade`, for cells that earn points; and the process that checks.

It is started when it is first needed, and ends with the kernel.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from types import FunctionType
from typing import Any

from autograder.errors import UsageError
from autograder.numeric.runtime import ONE_THREAD
from autograder.report.engine import home
from autograder.report.json import from_dict
from autograder.report.report import Report

_PATIENCE = 5.0


class Service:
    """A notebook's checking process, started again when it has ended or when the course's files have changed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = Lock()

    def ask(self, request: dict[str, Any]) -> Report:
        """Return the report on a request; CheckError if nothing can be checked, RuntimeError if the grader failed."""
        with self._lock:
            for _ in range(2):
                answer = self._try(request)
                if answer is not None and "stale" not in answer:
                    break
                self.close()
            else:
                raise RuntimeError("the process that checks ended without an answer")
        if "refused" in answer:
            raise CheckError(answer["refused"])
        if "fault" in answer:
            raise RuntimeError(f"the grader failed, not the answer:\n{answer['fault']}")
        return from_dict(answer["report"])

    def close(self) -> None:
        """End the process, if there is one, by closing its input, and kill it where it does not end in time."""
        process, self._process = self._process, None
        if process is not None:
            try:
                process.communicate(timeout=_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()

    def _try(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """Return the process's answer, None if it has ended. An interrupt of the kernel ends a busy process."""
        if self._process is None:  # with -P and our own path, so that a numpy.py beside the notebook is not imported
            path = os.pathsep.join(filter(None, (str(home().parent), os.environ.get("PYTHONPATH", ""))))
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "autograder.frontends.notebook.server"],
                env={**os.environ, **ONE_THREAD, "PYTHONPATH": path}, text=True, encoding="utf-8",
                start_new_session=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BaseException as error:
            self._process.kill()
            self.close()
            if isinstance(error, OSError):
                return None
            raise
        answer: dict[str, Any] | None = json.loads(line) if line else None
        return answer


SERVICE = Service()
atexit.register(SERVICE.close)
COURSE = "HANDGRAD_COURSE"
"""Environment variable with the course's folder, for notebooks outside of it."""


class CheckError(UsageError):
    """Raised where nothing can be checked; a notebook shows its message without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"handgrad: {self}"]


def check(*names: Any) -> Result:
    """Check the functions that the notebook defines, and show which mistake was made.

    names: exercises, units or functions, such as "conv2d", "layers" or conv2d_forward; all that is begun without any.
    The result is true when everything passed, and as a float it is the points. It is feedback, not a grade.
    """
    return Result(_report(names, tier="local", reveal=True))


def grade(*names: Any) -> float:
    """Check exercises, print what is right and wrong, and return the points; the last line of nbgrader's grading cells.

    The number is a plain float between 0 and the exercise's points. Where the grader itself failed it raises.
    """
    report = _report(names, tier=None, reveal=False)
    if report.status == "broken":
        raise CheckError("the grader failed, not the answer. Grade this submission again.")
    print(Result(report))
    return float(min(max(report.score, 0.0), report.max_score))


def _report(names: Sequence[Any], *, tier: str | None, reveal: bool) -> Report:
    request = {
        "names": [str(getattr(name, "__name__", name)) for name in names], "tier": tier, "reveal": reveal,
        "cells": cells(), "files": files(), "defined": defined(), "folder": os.getcwd(),
        "course": os.environ.get(COURSE) or os.getcwd(),
    }  # fmt: skip
    return SERVICE.ask(request)


class Result:
    """Result of `check`, which a notebook shows as HTML. report: the Report (docs/report-schema.md)."""

    def __init__(self, report: Report) -> None:
        self.report = report

    @property
    def passed(self) -> bool:
        """Return whether everything is right."""
        return self.report.status == "passed"

    @property
    def score(self) -> float:
        """Return the points earned."""
        return self.report.score

    @property
    def max_score(self) -> float:
        """Return the maximum score."""
        return self.report.max_score

    @property
    def series(self) -> dict[str, tuple[float, ...]]:
        """Return name → values of the recorded curves, such as the loss of each epoch."""
        findings = [finding for exercise in self.report.exercises for finding in exercise.findings]
        return {name: values for finding in findings for name, values in finding.series.items()}

    def __bool__(self) -> bool:
        return self.passed

    def __float__(self) -> float:
        return self.score

    def __repr__(self) -> str:
        from autograder.render.terminal import feedback_text

        return feedback_text(self.report).rstrip("\n")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from autograder.render.html import panel

        return {"text/plain": repr(self), "text/html": panel(self.report)}


def cells() -> list[str]:
    """Return the sources of all cells in the order in which they were run; outside IPython, the running script's."""
    shell = _shell()
    if shell is not None:
        return [str(source) for source in shell.history_manager.input_hist_raw[1:]]
    path = getattr(sys.modules.get("__main__"), "__file__", None)
    return [Path(path).read_text(encoding="utf-8", errors="replace")] if path else []


def files() -> dict[str, str]:
    """Return function → the .py file that it was imported or run from, for functions that no cell defines."""
    shell = _shell()
    names = {} if shell is None else shell.user_ns
    functions = {name: thing for name, thing in names.items() if type(thing) is FunctionType and name[:1] != "_"}
    paths = {name: function.__code__.co_filename for name, function in functions.items()}
    found = {name: path for name, path in paths.items() if path.endswith(".py") and os.path.isfile(path)}
    return {name: path for name, path in found.items() if not _installed(path)}


def defined() -> list[str] | None:
    """Return the names that are bound in the kernel now, without deleted ones; None outside IPython."""
    shell = _shell()
    return None if shell is None else [name for name in list(shell.user_ns) if type(name) is str]


def _shell() -> Any:
    """Return IPython's shell, or None; IPython is not imported for it."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _installed(path: str) -> bool:
    """Return whether the file is part of Python, of a package or of a kernel's own cells."""
    kinds = ("stdlib", "platstdlib", "purelib", "platlib")
    places = {*(sysconfig.get_path(kind) for kind in kinds), str(home())}
    real = os.path.realpath(path)
    return f"{os.sep}ipykernel_" in path or any(real.startswith(os.path.realpath(place) + os.sep) for place in places)
