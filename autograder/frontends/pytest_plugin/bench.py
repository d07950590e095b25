"""What all tests of a run share: the course or release, the student's files, the sandbox, the reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest

from autograder.course.catalog import Course
from autograder.grading.grader import grade
from autograder.grading.pipeline import Options
from autograder.report.report import ExerciseReport
from autograder.sandbox import Sandbox
from autograder.spec.exercise import Exercise
from autograder.submission.folder import read_submission
from autograder.submission.source import Submission

_BENCHES = pytest.StashKey[dict[Path, "Bench"]]()


@dataclass
class Bench:
    """One course or release. Its exercises are checked as `handgrad check` does, each at the first time only."""

    course: Course
    _reports: dict[str, ExerciseReport] = field(default_factory=dict)
    _exercises: dict[str, Exercise] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where the student's files are."""
        return self.course.root / "assignments"

    def exercise(self, name: str) -> Exercise:
        """The exercise, loaded once."""
        if name not in self._exercises:
            self._exercises[name] = self.course.exercise(name)
        return self._exercises[name]

    def report(self, name: str) -> ExerciseReport:
        """The verdict on the student's answer."""
        if name not in self._reports:
            found = grade(self.submission, self.course, [self.exercise(name)], self.sandbox, Options(reveal=True))
            (self._reports[name],) = found.exercises
        return self._reports[name]

    @cached_property
    def submission(self) -> Submission:
        """The student's files, read once."""
        return read_submission(self.folder, self.course.functions)

    @cached_property
    def sandbox(self) -> Sandbox:
        """Started when the first test runs."""
        return Sandbox("local")

    def close(self) -> None:
        """End the sandbox."""
        if "sandbox" in self.__dict__:
            self.sandbox.close()


def bench(config: pytest.Config, course: Course) -> Bench:
    """The one for this course in this run."""
    benches = config.stash.setdefault(_BENCHES, {})
    return benches.setdefault(course.root, Bench(course))


def close(config: pytest.Config) -> None:
    """End all that was started in this run."""
    for found in config.stash.get(_BENCHES, {}).values():
        found.close()
