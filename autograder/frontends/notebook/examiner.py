"""One question from a notebook → its Report: which exercises, which text, which verdict."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course.catalog import Course
from autograder.errors import CourseError, UsageError
from autograder.grading.grader import grade
from autograder.grading.pipeline import Options
from autograder.report.report import Report
from autograder.sandbox import Sandbox
from autograder.spec.exercise import Exercise
from autograder.submission.cells import slice_cells
from autograder.submission.limits import CODE
from autograder.submission.source import Refused, Source, Submission, decode

WHERE = "this notebook.ipynb"
"""Where the text comes from; by its ending its lines are told as those of cells, which bear the numbers of In."""


@dataclass(frozen=True)
class CheckRequest:
    """names: exercises, units or functions, nothing for all that is begun. cells: sources in the order they were run.

    files: function → the path of the file that it comes from. defined: the names that the kernel knows now, None for
    all that its cells define. reveal: show numbers of hidden cases.
    """

    names: Sequence[str]
    cells: Sequence[str]
    files: Mapping[str, str] = field(default_factory=dict)
    defined: Sequence[str] | None = None
    reveal: bool = True


def examine(question: CheckRequest, course: Course, sandbox: Sandbox) -> Report:
    """The report on what the notebook defines. UsageError where the question names nothing that can be checked."""
    exercises = _wanted(question, course)
    taken = {exercise.name: _take(exercise, question) or Source(exercise.name, "", "", WHERE) for exercise in exercises}
    sources = {name: item for name, item in taken.items() if isinstance(item, Source)}
    refused = {name: item for name, item in taken.items() if isinstance(item, Refused)}
    options = Options(os.environ.get("HANDGRAD_KEY", ""), reveal=question.reveal)
    return grade(Submission("this notebook", sources, refused), course, exercises, sandbox, options)


def examine_folder(path: Path, names: Sequence[str], course: Course, sandbox: Sandbox) -> Report:
    """The report on some exercises of what was handed in at a path, as `handgrad grade` gives it."""
    options = Options(os.environ.get("HANDGRAD_KEY", ""))
    return grade(path, course, course.exercises(names), sandbox, options)


def _wanted(question: CheckRequest, course: Course) -> list[Exercise]:
    if not question.names:
        begun = [exercise for exercise in course.exercises() if _take(exercise, question)]
        if not begun:
            raise UsageError('no function of an exercise is defined yet. Run its cell, or name one: check("conv2d").')
        return begun
    picked = [name for word in question.names for name in _pick(course, word)]
    return course.exercises(list(dict.fromkeys(picked)))


def _pick(course: Course, word: str) -> list[str]:
    """An exercise, a unit, or the exercise that a function belongs to."""
    try:
        return course.pick([word])
    except CourseError:
        owners = [e.name for e in course.exercises() if word in {function.name for function in e.functions}]
        if not owners:
            raise
        return owners


def _take(exercise: Exercise, question: CheckRequest) -> Source | Refused | None:
    """What is tested: the file that all of the functions come from, or else what the cells define; None for nothing."""
    names = [f.name for f in exercise.functions if question.defined is None or f.name in question.defined]
    paths = {question.files[name] for name in names if name in question.files}
    if len(paths) == 1 and not slice_cells(question.cells, [name for name in names if name not in question.files]):
        return _from_file(exercise.name, Path(*paths))
    text = slice_cells(question.cells, names)
    data = text.encode("utf-8", "replace")
    if len(data) > CODE.most:
        return Refused(exercise.name, f"What {exercise.name} needs {CODE.exceeded(len(data))}", WHERE)
    return Source(exercise.name, text, hashlib.sha256(data).hexdigest(), WHERE) if text else None


def _from_file(name: str, path: Path) -> Source | Refused:
    return decode(name, path.read_bytes(), path.name)
