"""Checking process of a notebook: it reads one JSON request per line and answers each with a line.

It shares only text with the kernel, so nothing that a student's cells did to NumPy, to this package or to the
notebook's names has an effect here; the tested functions run in this process's sandbox.
"""

from __future__ import annotations

import hashlib
import json
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from autograder.course.catalog import Course
from autograder.course.policy.course import rules
from autograder.course.release_folder import find_course_or_release
from autograder.errors import UsageError
from autograder.grading.grader import grade
from autograder.grading.pipeline import Options
from autograder.report.json import to_dict
from autograder.report.report import Report
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.selftest import selftest
from autograder.sandbox.tiers import best
from autograder.spec.exercise import Exercise
from autograder.submission.cells import slice_cells
from autograder.submission.file import CODE, Tree
from autograder.submission.modules import Beside, nearby, with_modules
from autograder.submission.source import Refused, Source, Submission, decode
from autograder.submission.syntax import TooCostly

Message = dict[str, Any]


def main() -> int:
    """Answer requests until the input ends, or until the course's files have changed since they were read."""
    answers, sys.stdout = sys.stdout, sys.stderr  # a spec may print
    courses: dict[Path, Course] = {}
    with ExitStack() as stack:

        @cache
        def sandbox(tier: str) -> Sandbox:
            opened = stack.enter_context(Sandbox(tier))
            if tier != "local":
                selftest(opened)
            return opened

        for line in sys.stdin:
            answer = _answer(json.loads(line), courses, sandbox)
            print(json.dumps(answer), file=answers, flush=True)
            if "stale" in answer:
                break
    return 0


def _answer(line: Message, courses: dict[Path, Course], sandbox: Callable[[str], Sandbox]) -> Message:
    """Return the report, or why there is none: "refused", "fault", or "stale" where the course's files changed."""
    try:
        found = find_course_or_release(Path(line["course"]))
        course = courses.setdefault(found.root, found)
        if course.signature != found.signature:  # imported modules stay imported
            return {"stale": True}
        opened = sandbox(line["tier"] or best())
        if "path" in line:
            report = examine_folder(Path(line["path"]), line["names"], course, opened)
        else:
            asked = {name: line[name] for name in ("names", "cells", "files", "defined", "reveal", "folder")}
            report = examine(course, opened, **asked)
        return {"report": to_dict(report)}
    except UsageError as error:
        return {"refused": str(error)}
    except Exception:
        return {"fault": traceback.format_exc()}


WHERE = "this notebook.ipynb"
"""Path of the graded text. Its ending .ipynb makes reports count lines in cells, which are numbered as in `In`."""


def examine(
    course: Course, sandbox: Sandbox, names: Sequence[str], cells: Sequence[str],
    files: Mapping[str, str] | None = None, defined: Sequence[str] | None = None, reveal: bool = True, folder: str = "",
) -> Report:  # fmt: skip
    """Return the report on what the notebook defines. UsageError where nothing that can be checked is named.

    names: exercises, units or functions; empty for all that is begun. cells: sources in the order in which they were
    run. files: function → path of the file that it comes from. defined: names that are bound in the kernel; None for
    all that its cells define. reveal: show the numbers of hidden cases. folder: where modules are looked for; "" for
    nowhere.
    """
    source = partial(_source, cells=cells, files=files or {}, defined=defined, folder=folder)
    exercises = course.exercises(course.pick(names) or None)
    if not names:
        exercises = [exercise for exercise in exercises if source(exercise)]
    if not exercises:
        raise UsageError('no function of an exercise is defined yet. Run its cell, or name one: check("conv2d").')
    taken = {each.name: source(each) or Source("", "", WHERE) for each in exercises}
    sources = {name: item for name, item in taken.items() if isinstance(item, Source)}
    refused = {name: item for name, item in taken.items() if isinstance(item, Refused)}
    options = Options(rules(course).key(), reveal=reveal)
    return grade(Submission("this notebook", sources, refused), course, exercises, sandbox, options)


def examine_folder(path: Path, names: Sequence[str], course: Course, sandbox: Sandbox) -> Report:
    """Return the report on some exercises of a submission on disk, graded as `handgrad grade` does."""
    options = Options(rules(course).key())
    return grade(path, course, course.exercises(names), sandbox, options)


def _source(
    exercise: Exercise, cells: Sequence[str], files: Mapping[str, str], defined: Sequence[str] | None, folder: str
) -> Source | Refused | None:
    """Return the text to test: the file of all the functions, else what the cells define; None for nothing."""
    names = [f.name for f in exercise.functions if defined is None or f.name in defined]
    paths = {files[name] for name in names if name in files}
    try:
        if len(paths) == 1 and not slice_cells(cells, [name for name in names if name not in files]):
            path = Path(*paths)
            found = decode(path.read_bytes(), path.name)
            if isinstance(found, Source):
                found = replace(found, text=_with_modules(found.text, str(path.parent)))
            return found
        text = _with_modules(slice_cells(cells, names), folder)
    except TooCostly as error:
        return Refused(f"What {exercise.name} needs is not known: {error}.", WHERE)
    data = text.encode("utf-8", "replace")
    if len(data) > CODE.most:
        return Refused(f"What {exercise.name} needs {CODE.exceeded(len(data))}", WHERE)
    return Source(text, hashlib.sha256(data).hexdigest(), WHERE) if text else None


def _with_modules(text: str, folder: str) -> str:
    """Return the text with the modules of a folder that it imports, as they are graded with a submission."""
    beside = Beside(nearby(Path(folder)) if folder else Tree())
    return with_modules(text, lambda name: beside.find(name, ("notebook",)))[0]


if __name__ == "__main__":
    sys.exit(main())
