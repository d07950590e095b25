"""The functions `check`, for students, and `grade`, for cells that earn points."""

from __future__ import annotations

import os
from typing import Any

from autograder.errors import UsageError
from autograder.frontends.notebook import kernel
from autograder.frontends.notebook.result import Result
from autograder.frontends.notebook.service import SERVICE
from autograder.report.json import from_dict
from autograder.report.report import Report

COURSE = "HANDGRAD_COURSE"
"""Environment variable with the course's folder, for notebooks outside of it."""


class CheckError(UsageError):
    """Raised where nothing can be checked; a notebook shows its message without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"handgrad: {self}"]


def check(*names: Any) -> Result:
    """Test what the notebook defines, and show which mistake was made.

    names: exercises, units or functions, such as "conv2d", "layers" or conv2d_forward; all that is begun without any.
    The result is true when everything passed, and as a float it is the points. It is feedback, not a grade.
    """
    return Result(_report([_name(name) for name in names], tier="local", reveal=True))


def grade(*names: Any) -> float:
    """Print what is right and what is wrong, and return the points: the last line of a cell that nbgrader grades.

    The number is a plain float between 0 and the exercise's points. Where the grader itself failed it raises.
    """
    report = _report([_name(name) for name in names], tier=None, reveal=False)
    if report.status == "broken":
        raise CheckError("the grader failed, not the answer. Grade this submission again.")
    print(Result(report))
    return float(min(max(report.score, 0.0), report.max_score))


def _name(name: Any) -> str:
    """Return a function's name."""
    return name if isinstance(name, str) else str(getattr(name, "__name__", name))


def _report(names: list[str], *, tier: str | None, reveal: bool) -> Report:
    request = {
        "names": names, "cells": kernel.cells(), "files": kernel.files(), "defined": kernel.defined(), "tier": tier,
        "reveal": reveal, "folder": os.getcwd(),
        "course": os.environ.get(COURSE) or os.getcwd(),
    }  # fmt: skip
    answer = SERVICE.ask(request)
    if "report" in answer:
        return from_dict(answer["report"])
    if "refused" in answer:
        raise CheckError(answer["refused"])
    raise RuntimeError(f"the grader failed, not the answer:\n{answer['fault']}")
