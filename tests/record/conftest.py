"""Recorded exercises, and the findings on one answer by the spec and by the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.grading.pipeline import Options, grade_to_teach
from autograder.record.read import read_exercise
from autograder.release.recording import record_exercise
from autograder.report.report import Finding
from autograder.sandbox.inprocess import InProcess
from autograder.spec.exercise import Exercise

COURSE = Course(Path(__file__).parents[2])
SEED = 20261122
Findings = tuple[Finding, ...]
Recorded = Callable[[Exercise], Exercise]


@cache
def _record(name: str) -> bytes:
    """Return the record of an exercise of the course as bytes; it is made once in a process."""
    return record_exercise(COURSE.exercise(name), SEED)


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    """Write an exercise to a file and read it back."""

    def through(exercise: Exercise) -> Exercise:
        path = tmp_path / f"{exercise.name}.npz"
        ours = exercise.name in COURSE.folders and exercise is COURSE.exercise(exercise.name)
        path.write_bytes(_record(exercise.name) if ours else record_exercise(exercise, SEED))
        return read_exercise(path)

    return through


def verdict(variant: Variant, answers: Mapping[str, Any], skip: frozenset[str] = frozenset({"speed"})) -> Findings:
    """Return all findings as a student reads them, without measured times, which vary."""
    findings = grade_to_teach(variant, InProcess(answers), Options(skip=skip, reveal=True))
    return tuple(replace(f, figures={}) if f.check == "speed" else f for f in findings)
