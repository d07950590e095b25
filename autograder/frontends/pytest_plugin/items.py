"""Collection of an exercise as a pytest file, with a test for each check of each output.

All tests of a run share the course, the student's files, the sandbox and the reports.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from autograder.checks import CHECKS
from autograder.course.catalog import Course
from autograder.course.release_folder import find_course_or_release, find_release
from autograder.errors import CourseError
from autograder.grading.grader import grade
from autograder.grading.pipeline import Options
from autograder.render.page import points
from autograder.render.terminal import finding_text
from autograder.report.report import ExerciseReport, Finding
from autograder.sandbox.sandbox import Sandbox
from autograder.spec.exercise import Exercise
from autograder.submission.folder import read_submission
from autograder.submission.source import Submission

_BENCHES = pytest.StashKey[dict[Path, "Bench"]]()


@dataclass
class Bench:
    """Sandbox, student's files and reports for all tests of one course or release; each exercise is checked once."""

    course: Course
    _reports: dict[str, ExerciseReport] = field(default_factory=dict)

    def report(self, name: str) -> ExerciseReport:
        """Return the report on an exercise; the student's answer is graded at the first call only."""
        if name not in self._reports:
            exercises, options = self.course.exercises([name]), Options(reveal=True)
            (self._reports[name],) = grade(self.submission, self.course, exercises, self.sandbox, options).exercises
        return self._reports[name]

    @cached_property
    def submission(self) -> Submission:
        """Return the student's files, which are read at the first use."""
        return read_submission(self.course.root / "assignments", self.course.functions)

    @cached_property
    def sandbox(self) -> Sandbox:
        """Return the sandbox, which is started at the first use."""
        return Sandbox("local")

    def close(self) -> None:
        """End the sandbox."""
        if "sandbox" in self.__dict__:
            self.sandbox.close()


class CheckFailed(Exception):
    """Raised for a finding that is not passed, and, before the test, where the grader failed; pytest shows its text."""


def collect(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Return a collector for a file below assignments/ of a course or a release; None for any other file.

    CollectError where a project with assignments/ has lost the record that checks them.
    """
    held = _held(path, parent.config.invocation_params.dir)
    if held is None:
        if path.is_relative_to(parent.config.rootpath / "assignments"):
            words = f"{path} cannot be checked: it lies in no course"
            raise parent.CollectError(f"{words}. Get record/ again from your course's repository.")
        return None
    if not path.is_relative_to(held.root / "assignments"):
        return None
    try:
        names = _names(path, held.folders)
    except CourseError as error:
        raise parent.CollectError(str(error)) from error
    if not names:
        return None
    file: ExerciseFile = ExerciseFile.from_parent(parent, path=path)
    benches = parent.config.stash.setdefault(_BENCHES, {})
    if held.root not in benches:
        benches[held.root] = Bench(held)
        parent.config.add_cleanup(benches[held.root].close)
    file.bench, file.names = benches[held.root], names
    return file


def _held(path: Path, here: Path) -> Course | None:
    """Return the course in which pytest was started, if the file is one of its assignments; else the file's release.

    A release holds data only: no course is imported because of where a file lies.
    """
    try:
        course = find_course_or_release(here)
    except CourseError:
        return find_release(path.parent)
    return course if path.is_relative_to(course.root / "assignments") else find_release(path.parent)


def _names(path: Path, folders: dict[str, Path]) -> list[str]:
    """Return the exercise of a .py file; for a notebook, its unit's exercises without a .py file beside it."""
    if path.suffix == ".py":
        return [path.stem] if path.stem in folders else []
    unit = [name for name, folder in folders.items() if folder.parent.name == path.stem]
    return [name for name in unit if not path.with_name(f"{name}.py").exists()]


class ExerciseFile(pytest.File):
    """Pytest collector of a student's file, with the tests of its exercises."""

    bench: Bench
    names: list[str]

    def collect(self) -> Iterable[pytest.Item]:
        """Yield a test for every check of the exercise, also where there is no answer yet."""
        for name in self.names:
            try:
                exercise = self.bench.course.exercise(name)
            except CourseError as error:
                raise self.CollectError(str(error)) from error
            for point in points_of(exercise):
                title = f"{point.function}[{point.output or point.check}]"  # so that `-k` selects a function
                title = title if len(self.names) == 1 else f"{exercise.name}.{title}"
                item: CheckItem = CheckItem.from_parent(self, name=title)
                item.exercise, item.point = exercise, point
                item.add_marker(point.check)  # for `-m gradient`, and the keywords for `-k layers`
                item.extra_keyword_matches |= {exercise.name, exercise.unit, point.function}
                yield item


class CheckItem(pytest.Item):
    """Test that passes if one check of one function or output passes, such as the gradient dw of dense_backward."""

    exercise: Exercise
    point: Point

    def setup(self) -> None:
        """Check the exercise, unless another test did; CheckFailed, an error of the test, if the grader failed."""
        report = self._report
        self.user_properties += [("exercise", report.name), ("unit", report.unit)]
        if report.status == "broken":
            raise CheckFailed(report.findings[0].message)

    def runtest(self) -> None:
        """Return if the finding passed; skip the test with the reason, or raise CheckFailed with the feedback."""
        asked = self.point.check, self.point.function, self.point.output
        findings = {(each.check, each.function, each.output): each for each in reversed(self._report.findings)}
        general = [each for each in self._report.findings if not each.function]  # why the file is not read
        found = findings.get(asked) or (general or [Finding(*asked[:2], "skipped")])[0]
        self.user_properties += [("points", points(found.score)), ("max_points", points(self.point.worth))]
        if found.mistake:
            self.user_properties.append(("mistake", found.mistake))
        if found.status == "skipped":
            pytest.skip(found.message or "waits for another check to pass")
        if found.status != "passed":
            raise CheckFailed(failure(self._report, found, self.point, self.path))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the text for a failed test: of a CheckFailed the feedback alone, without a traceback of the grader."""
        if isinstance(excinfo.value, CheckFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the file, the function's line and the test's name."""
        return self.path, line_of(self.path, self.point.function), self.name

    @property
    def _report(self) -> ExerciseReport:
        assert isinstance(self.parent, ExerciseFile)
        return self.parent.bench.report(self.exercise.name)


@dataclass(frozen=True)
class Point:
    """A check of a function or an output, for which there is one test."""

    check: str
    """Name of the check."""
    function: str
    output: str | None = None
    """Name of the output; None for a check of the whole function."""
    worth: float = 0.0
    """Maximum score."""
    steps: str = ""
    """Function that a student may define to learn the first wrong step; "" for none."""


def points_of(exercise: Exercise) -> Iterator[Point]:
    """Yield the points of an exercise that become tests. Consistency and steps are shown in the failures of others."""
    for function in exercise.functions:
        yield Point("contract", function.name)
        steps = function.steps.__name__ if function.steps else ""
        for output, worth in function.outputs.items():
            yield Point(function.kind, function.name, output, worth, steps)
        earned = (check for check in CHECKS if check in function.points)
        yield from (Point(check, function.name, None, function.points[check]) for check in earned)


def failure(report: ExerciseReport, found: Finding, point: Point, path: Path) -> str:
    """Return the text of a failed test: finding, first wrong half or step, command for a hint, file and line."""
    words = [finding_text(found)]
    if found.check in ("values", "gradient"):
        related = [f for f in report.findings if f.check == "consistency" or (f.function == point.steps != "")]
        words += [finding_text(finding) for finding in related if finding.message]
    if len(found.ladder) > 1 + bool(found.hint):
        words.append(f"→ handgrad hint {report.name}   for the next step")
    if path.suffix == ".py":  # in the form that editors and terminals make a link of
        line = found.line or (line_of(path, found.function or point.function) or 0) + 1
        words.append(f"{os.path.relpath(path)}:{line}")
    return "\n".join(filter(None, words))


def line_of(path: Path, function: str) -> int | None:
    """Return the function's line, counted from 0; None for notebooks. The file is not parsed: it may be no Python."""
    if path.suffix != ".py":
        return None
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = re.search(rf"^[ \t]*def[ \t]+{re.escape(function)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) if found else 0
