"""Collection of an exercise as a pytest file, with a test for each check of each output."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from autograder.course.catalog import Course
from autograder.course.release_folder import find_course_or_release, find_release
from autograder.errors import CourseError
from autograder.frontends.pytest_plugin.bench import Bench, bench
from autograder.frontends.pytest_plugin.points import Point, points_of
from autograder.frontends.pytest_plugin.words import failure, line_of
from autograder.render.page import points
from autograder.report.report import ExerciseReport, Finding
from autograder.spec.exercise import Exercise


class CheckFailed(Exception):
    """Raised for a finding that is not passed; pytest shows its text."""


class GraderBroke(Exception):
    """Raised where the grader failed, which makes the test an error and not a failure."""


def collect(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the exercises of a file below assignments/ of a course or a release; None for any other file."""
    held = _held(path, parent.config.invocation_params.dir)
    if held is None:
        _look_for_the_record(path, parent)
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
    file.bench, file.names = bench(parent.config, held), names
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


def _look_for_the_record(path: Path, parent: pytest.Collector) -> None:
    """Raise CollectError where a project with assignments/ has lost the record that checks them."""
    if path.is_relative_to(parent.config.rootpath / "assignments"):
        words = f"{path} cannot be checked: it lies in no course"
        raise parent.CollectError(f"{words}. Get record/ again from your course's repository.")


def _names(path: Path, folders: dict[str, Path]) -> list[str]:
    """Return the exercise of a .py file; for a notebook, its unit's exercises without a .py file beside it."""
    if path.suffix == ".py":
        return [path.stem] if path.stem in folders else []
    unit = [name for name, folder in folders.items() if _unit(folder) == path.stem]
    return [name for name in unit if not path.with_name(f"{name}.py").exists()]


def _unit(folder: Path) -> str:
    """Return the unit of solutions/<unit>/<exercise> or record/<unit>/<exercise>.npz."""
    return folder.parent.name


class ExerciseFile(pytest.File):
    """Student's file as a pytest collector."""

    bench: Bench
    names: list[str]

    def collect(self) -> Iterable[pytest.Item]:
        """Yield a test for every check of the exercise, also where there is no answer yet."""
        for name in self.names:
            try:
                exercise = self.bench.exercise(name)
            except CourseError as error:
                raise self.CollectError(str(error)) from error
            for point in points_of(exercise):
                item: CheckItem = CheckItem.from_parent(self, name=self._title(exercise, point))
                item.ask(exercise, point)
                yield item

    def _title(self, exercise: Exercise, point: Point) -> str:
        return point.name if len(self.names) == 1 else f"{exercise.name}.{point.name}"


class CheckItem(pytest.Item):
    """Test of one finding."""

    exercise: Exercise
    point: Point

    def ask(self, exercise: Exercise, point: Point) -> None:
        """Set the finding to test, with the marker and keywords that select it: `-m gradient`, `-k layers`."""
        self.exercise, self.point = exercise, point
        self.add_marker(point.check)
        self.extra_keyword_matches |= {exercise.name, exercise.unit, point.function}

    def setup(self) -> None:
        """Check the exercise, unless another test did. An exception here is an error, not the student's failure."""
        report = self._report
        self.user_properties += [("exercise", report.name), ("unit", report.unit)]
        if report.status == "broken":
            raise GraderBroke(report.findings[0].message)

    def runtest(self) -> None:
        """Pass, skip with the reason, or fail with the feedback."""
        found = self._finding()
        self.user_properties += [("points", points(found.score)), ("max_points", points(self.point.worth))]
        if found.mistake:
            self.user_properties.append(("mistake", found.mistake))
        if found.status == "skipped":
            pytest.skip(found.message or "waits for another check to pass")
        if found.status != "passed":
            raise CheckFailed(failure(self._report, found, self.point, self.path))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the feedback without a traceback of the grader."""
        if isinstance(excinfo.value, CheckFailed | GraderBroke):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the file, the function's line and the test's name."""
        return self.path, line_of(self.path, self.point.function), self.name

    @property
    def _report(self) -> ExerciseReport:
        assert isinstance(self.parent, ExerciseFile)
        return self.parent.bench.report(self.exercise.name)

    def _finding(self) -> Finding:
        """Return the finding to test, or the general finding that says why nothing could be read."""
        found = self.point.among(self._report.findings)
        general = [finding for finding in self._report.findings if not finding.function]
        return found or (general[0] if general else Finding(self.point.check, self.point.function, "skipped"))
