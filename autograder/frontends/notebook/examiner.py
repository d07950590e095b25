"""Grading of a request from a notebook."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course.catalog import Course
from autograder.course.policy import rules
from autograder.errors import UsageError
from autograder.grading.grader import grade
from autograder.grading.pipeline import Options
from autograder.report.report import Report
from autograder.sandbox import Sandbox
from autograder.spec.exercise import Exercise
from autograder.submission.cells import slice_cells
from autograder.submission.limits import CODE
from autograder.submission.source import Refused, Source, Submission, decode
from autograder.submission.syntax import TooCostly

WHERE = "this notebook.ipynb"
"""Path of the graded text. Its ending makes reports count lines in cells, numbered as In counts them."""


@dataclass(frozen=True)
class CheckRequest:
    """Names to check and the state of the kernel."""

    names: Sequence[str]
    """Exercises, units or functions; empty for all that is begun."""
    cells: Sequence[str]
    """Sources in the order in which they were run."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Function → path of the file that it comes from."""
    defined: Sequence[str] | None = None
    """Names that are bound in the kernel; None for all that its cells define."""
    reveal: bool = True
    """Show the numbers of hidden cases."""


def examine(request: CheckRequest, course: Course, sandbox: Sandbox) -> Report:
    """Grade what the notebook defines. UsageError where the request names nothing that can be checked."""
    exercises = _exercises(request, course)
    taken = {each.name: _source(each, request) or Source(each.name, "", "", WHERE) for each in exercises}
    sources = {name: item for name, item in taken.items() if isinstance(item, Source)}
    refused = {name: item for name, item in taken.items() if isinstance(item, Refused)}
    options = Options(rules(course).key(os.environ), reveal=request.reveal)
    return grade(Submission("this notebook", sources, refused), course, exercises, sandbox, options)


def examine_folder(path: Path, names: Sequence[str], course: Course, sandbox: Sandbox) -> Report:
    """Grade some exercises of a submission on disk, as `handgrad grade` does."""
    options = Options(rules(course).key(os.environ))
    return grade(path, course, course.exercises(names), sandbox, options)


def _exercises(request: CheckRequest, course: Course) -> list[Exercise]:
    if not request.names:
        begun = [exercise for exercise in course.exercises() if _source(exercise, request)]
        if not begun:
            raise UsageError('no function of an exercise is defined yet. Run its cell, or name one: check("conv2d").')
        return begun
    return course.exercises(course.pick(request.names))


def _source(exercise: Exercise, request: CheckRequest) -> Source | Refused | None:
    """Return the text to test: the file of all the functions, else what the cells define; None for nothing."""
    names = [f.name for f in exercise.functions if request.defined is None or f.name in request.defined]
    paths = {request.files[name] for name in names if name in request.files}
    try:
        if len(paths) == 1 and not slice_cells(request.cells, [name for name in names if name not in request.files]):
            return _from_file(exercise.name, Path(*paths))
        text = slice_cells(request.cells, names)
    except TooCostly as error:
        return Refused(exercise.name, f"What {exercise.name} needs is not known: {error}.", WHERE)
    data = text.encode("utf-8", "replace")
    if len(data) > CODE.most:
        return Refused(exercise.name, f"What {exercise.name} needs {CODE.exceeded(len(data))}", WHERE)
    return Source(exercise.name, text, hashlib.sha256(data).hexdigest(), WHERE) if text else None


def _from_file(name: str, path: Path) -> Source | Refused:
    return decode(name, path.read_bytes(), path.name)
