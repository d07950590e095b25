"""State that all tests of a run share: the course, the student's files, the sandbox and the reports."""

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
    """Checks of one course or release. Each exercise is checked once, as `handgrad check` does."""

    course: Course
    _reports: dict[str, ExerciseReport] = field(default_factory=dict)
    _exercises: dict[str, Exercise] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Return the folder of the student's files."""
        return self.course.root / "assignments"

    def exercise(self, name: str) -> Exercise:
        """Return the exercise; load it once."""
        if name not in self._exercises:
            self._exercises[name] = self.course.exercise(name)
        return self._exercises[name]

    def report(self, name: str) -> ExerciseReport:
        """Return the verdict on the student's answer; grade it once."""
        if name not in self._reports:
            found = grade(self.submission, self.course, [self.exercise(name)], self.sandbox, Options(reveal=True))
            (self._reports[name],) = found.exercises
        return self._reports[name]

    @cached_property
    def submission(self) -> Submission:
        """Read the student's files once."""
        return read_submission(self.folder, self.course.functions)

    @cached_property
    def sandbox(self) -> Sandbox:
        """Start the sandbox when the first test runs."""
        return Sandbox("local")

    def close(self) -> None:
        """End the sandbox."""
        if "sandbox" in self.__dict__:
            self.sandbox.close()


def bench(config: pytest.Config, course: Course) -> Bench:
    """Return this run's bench of the course."""
    benches = config.stash.setdefault(_BENCHES, {})
    return benches.setdefault(course.root, Bench(course))


def close(config: pytest.Config) -> None:
    """Close all sandboxes of this run."""
    for found in config.stash.get(_BENCHES, {}).values():
        found.close()
