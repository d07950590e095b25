"""Recorded exercises, and the findings on one answer by the spec and by the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.checks.variant import Variant
from autograder.grading.pipeline import Options, grade_to_teach
from autograder.record.read import read_exercise
from autograder.release.recording import record_exercise
from autograder.report.report import Finding
from autograder.sandbox.inprocess import InProcess
from autograder.spec.exercise import Exercise

SEED = 20261122
Findings = tuple[Finding, ...]
Recorded = Callable[[Exercise], Exercise]


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    """Write an exercise to a file and read it back."""

    def through(exercise: Exercise) -> Exercise:
        path = tmp_path / f"{exercise.name}.npz"
        path.write_bytes(record_exercise(exercise, SEED))
        return read_exercise(path)

    return through


def verdict(variant: Variant, answers: Mapping[str, Any], skip: frozenset[str] = frozenset({"speed"})) -> Findings:
    """Return all findings as a student reads them, without measured times, which vary."""
    findings = grade_to_teach(variant, InProcess(answers), Options(skip=skip, reveal=True))
    return tuple(replace(f, figures={}) if f.check == "speed" else f for f in findings)
