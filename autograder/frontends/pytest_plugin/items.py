"""An exercise as pytest sees it: a file, and in it a test for each check of each output."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from autograder.course.catalog import Course, find_course
from autograder.course.release_folder import find_release
from autograder.errors import CourseError
from autograder.frontends.pytest_plugin.bench import Bench, bench
from autograder.frontends.pytest_plugin.points import Point, points_of
from autograder.frontends.pytest_plugin.words import failure, line_of
from autograder.render.page import points
from autograder.report.report import ExerciseReport, Finding
from autograder.spec.exercise import Exercise


class CheckFailed(Exception):
    """A finding that is not passed; its text is what pytest shows."""


class GraderBroke(Exception):
    """The grader's own fault: the test is an error, not a failure."""


def collect(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The exercises of a file below assignments/ of a course or a release; None for any other file."""
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
    """The course that pytest was started in, where the file is one of its assignments; else the release that the file
    lies in, which is data: no course is imported because of where a file lies."""
    try:
        course = find_course(here)
    except CourseError:
        return find_release(path.parent)
    return course if path.is_relative_to(course.root / "assignments") else find_release(path.parent)


def _look_for_the_record(path: Path, parent: pytest.Collector) -> None:
    """No course and no release: CollectError where the project has exercises, for then what checks them was lost."""
    if path.is_relative_to(parent.config.rootpath / "assignments"):
        words = f"{path} cannot be checked: no folder above it holds record/ or solutions/"
        raise parent.CollectError(f"{words}. Get record/ again from your course's repository.")


def _names(path: Path, folders: dict[str, Path]) -> list[str]:
    """The exercise of a .py file; of a notebook those of its unit that have no file of their own beside it."""
    if path.suffix == ".py":
        return [path.stem] if path.stem in folders else []
    unit = [name for name, folder in folders.items() if _unit(folder) == path.stem]
    return [name for name in unit if not path.with_name(f"{name}.py").exists()]


def _unit(folder: Path) -> str:
    """solutions/<unit>/<exercise>, record/<unit>/<exercise>.npz"""
    return folder.parent.name


class ExerciseFile(pytest.File):
    """A student's file."""

    bench: Bench
    names: list[str]

    def collect(self) -> Iterable[pytest.Item]:
        """Every check that the exercise makes, whether or not there is an answer yet."""
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
    """One finding."""

    exercise: Exercise
    point: Point

    def ask(self, exercise: Exercise, point: Point) -> None:
        """What this test is about; also what chooses it: `-m gradient`, `-k layers`."""
        self.exercise, self.point = exercise, point
        self.add_marker(point.check)
        self.extra_keyword_matches |= {exercise.name, exercise.unit, point.function}

    def setup(self) -> None:
        """Check the exercise, if no test of its has run yet. What goes wrong here is no failure of the student's."""
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
        """The feedback alone: no frame of the grader's."""
        if isinstance(excinfo.value, CheckFailed | GraderBroke):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file, the function's line, the test's name."""
        return self.path, line_of(self.path, self.point.function), self.name

    @property
    def _report(self) -> ExerciseReport:
        assert isinstance(self.parent, ExerciseFile)
        return self.parent.bench.report(self.exercise.name)

    def _finding(self) -> Finding:
        """The one that was asked for; where nothing could be read, the one that says why."""
        found = self.point.among(self._report.findings)
        general = [finding for finding in self._report.findings if not finding.function]
        return found or (general[0] if general else Finding(self.point.check, self.point.function, "skipped"))
