"""Checking process of a notebook: it reads one JSON request per line and answers each with a line.

It shares only text with the kernel, so nothing that a student's cells did to NumPy, to this package or to the
notebook's names has an effect here; the tested functions run in this process's sandbox.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.course.catalog import Course
from autograder.course.policy import rules
from autograder.course.release_folder import Release, find_course_or_release
from autograder.errors import UsageError
from autograder.grading.grader import grade
from autograder.grading.pipeline import Options
from autograder.report.json import to_dict
from autograder.report.report import Report
from autograder.sandbox import Sandbox, best
from autograder.sandbox.selftest import selftest
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
    with ExitStack() as stack:
        server = _Server(lambda tier: stack.enter_context(Sandbox(tier)))
        for line in sys.stdin:
            answer = server.answer(json.loads(line))
            print(json.dumps(answer), file=answers, flush=True)
            if "stale" in answer:
                break
    return 0


class _Server:
    """Open sandboxes, and the courses with the state of their files when they were read."""

    def __init__(self, open_sandbox: Callable[[str], Sandbox]) -> None:
        self._open = open_sandbox
        self._sandboxes: dict[str, Sandbox] = {}
        self._courses: dict[Path, _ReadCourse | _ReadRelease] = {}

    def answer(self, line: Message) -> Message:
        """Return the report, or why there is none: "refused", "fault", or "stale" where the course's files changed."""
        try:
            course = self._course(find_course_or_release(Path(line["course"])))
            if course is None:
                return {"stale": True}
            return {"report": to_dict(_examine(line, course, self._sandbox(line["tier"] or best())))}
        except UsageError as error:
            return {"refused": str(error)}
        except Exception:
            return {"fault": traceback.format_exc()}

    def _sandbox(self, tier: str) -> Sandbox:
        if tier not in self._sandboxes:
            self._sandboxes[tier] = self._open(tier)
            if tier != "local":
                selftest(self._sandboxes[tier])
        return self._sandboxes[tier]

    def _course(self, found: Course) -> Course | None:
        """Return the course; None where its files have changed, because imported modules stay imported."""
        kind, stamp = _ReadRelease if isinstance(found, Release) else _ReadCourse, _stamp(found.root)
        read = self._courses.setdefault(found.root, kind(found.root, stamp=stamp))
        return read if read.stamp == stamp else None


def _examine(line: Message, course: Course, sandbox: Sandbox) -> Report:
    if "path" in line:
        return examine_folder(Path(line["path"]), line["names"], course, sandbox)
    request = CheckRequest(
        line["names"], line["cells"], line["files"], line["defined"], line["reveal"], line["folder"]
    )  # fmt: skip
    return examine(request, course, sandbox)


@dataclass(frozen=True)
class _Read(Course):
    """Course that loads each exercise once."""

    stamp: str = ""

    def exercise(self, name: str) -> Exercise:
        """Return the exercise; load it when it is first asked for."""
        loaded: dict[str, Exercise] = self.__dict__.setdefault("_loaded", {})
        if name not in loaded:
            loaded[name] = super().exercise(name)
        return loaded[name]


class _ReadCourse(_Read):
    """Course folder that loads each exercise once."""


class _ReadRelease(_Read, Release):
    """Release that loads each exercise once."""


def _stamp(root: Path) -> str:
    """Return a hash that changes whenever a file changes that a verdict depends on."""
    places = (("solutions", "*.py"), ("reference", "*.py"), ("record", "*"))
    paths = sorted(path for folder, kind in places for path in (root / folder).rglob(kind))
    facts = [(str(path), path.stat().st_mtime_ns) for path in paths]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


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
    folder: str = ""
    """Folder of the kernel, in which modules are looked for; "" for none."""


def examine(request: CheckRequest, course: Course, sandbox: Sandbox) -> Report:
    """Grade what the notebook defines. UsageError where the request names nothing that can be checked."""
    exercises = _exercises(request, course)
    taken = {each.name: _source(each, request) or Source("", "", WHERE) for each in exercises}
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
            return _from_file(Path(*paths))
        text = _with_modules(slice_cells(request.cells, names), request.folder)
    except TooCostly as error:
        return Refused(f"What {exercise.name} needs is not known: {error}.", WHERE)
    data = text.encode("utf-8", "replace")
    if len(data) > CODE.most:
        return Refused(f"What {exercise.name} needs {CODE.exceeded(len(data))}", WHERE)
    return Source(text, hashlib.sha256(data).hexdigest(), WHERE) if text else None


def _from_file(path: Path) -> Source | Refused:
    found = decode(path.read_bytes(), path.name)
    return found if isinstance(found, Refused) else replace(found, text=_with_modules(found.text, str(path.parent)))


def _with_modules(text: str, folder: str) -> str:
    """Return the text with the modules of a folder that it imports, as they are graded with a submission."""
    beside = Beside(nearby(Path(folder)) if folder else Tree())
    return with_modules(text, lambda name: beside.find(name, ("notebook",)))[0]


if __name__ == "__main__":
    sys.exit(main())
