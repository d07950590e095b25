"""No bytes and no values from a worker stop the grader: some cases in every run, the rest every night."""

from __future__ import annotations

import pytest

from autograder.course.catalog import Course
from tests.sandbox.distortion import verdicts
from tests.sandbox.fuzzing import messages
from tests.sandbox.hardened import ROOT

# Each case is read by about fourteen readers.
CASES, NIGHTLY = 1_500, 40_000


def test_bytes_are_a_value_or_refused() -> None:
    """Every reader of both sides accepts some bytes and refuses others, and raises nothing else."""
    ended = messages(CASES)
    read = {name.rpartition(" ")[0] for name in ended}
    assert read >= {"value", "request", "RETURNED", "RAISED", "ABSENT", "SIGNATURE", "LOADED", "OVERSIZE", "answers"}
    assert all(ended[f"{name} taken"] for name in read)
    assert all(ended[f"{name} refused"] for name in read - {"PROGRESS", "LOADED"})  # of LOADED no byte is read


def test_values_get_a_verdict(tiny: Course) -> None:
    """Randomly distorted right answers are graded, explained and rendered, and none is broken."""
    ended = verdicts(tiny, tiny.names, 100)
    assert {"failed", "error", "passed"} <= set(ended) <= {"failed", "error", "passed", "skipped"}


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(20))
def test_bytes_are_a_value_or_refused_every_night(part: int) -> None:
    """More than ten million messages are read or refused."""
    assert messages(NIGHTLY, seed=1_000_000 + part * NIGHTLY)


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(10))
def test_values_get_a_verdict_every_night(part: int) -> None:
    """Distorted answers get a verdict in every exercise of the course."""
    course = Course(ROOT)
    assert "broken" not in verdicts(course, course.names, 1_000, seed=part * 1_000)
