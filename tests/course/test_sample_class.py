"""The sample class gets the verdicts that its names promise, in the sandbox of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.batch.submission import grade_submission
from autograder.catalog import Course
from autograder.exercise import Exercise
from autograder.grade import Options
from autograder.intake.folder import find_submissions, read_submission
from autograder.intake.handed import Handed
from autograder.report import Report
from autograder.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
CLASS = ROOT / "examples" / "class"
ASKED = ("dense", "relu", "conv2d", "max_pool2d", "softmax_cross_entropy", "momentum")

# student → exercise → status, where it is not passed; and the mistakes that are named.
EXPECTED: dict[str, tuple[dict[str, str], set[str]]] = {
    "all_right": ({}, set()),
    "float32": ({"dense": "failed", "conv2d": "failed"}, set()),
    "half_done": (dict.fromkeys(("conv2d", "max_pool2d", "softmax_cross_entropy", "momentum"), "skipped"), set()),
    "in_place": (
        {"relu": "failed", "momentum": "failed"},
        {"writes_into_x", "writes_into_dout", "updated_in_place"},
    ),
    "infinite_loop": ({"max_pool2d": "error"}, set()),
    "missing_import": ({"softmax_cross_entropy": "error"}, set()),
    "not_utf8": (
        {"relu": "error", "max_pool2d": "skipped", "softmax_cross_entropy": "skipped", "momentum": "skipped"},
        set(),
    ),
    "one_file": ({}, set()),
    "overlap_bug": ({"max_pool2d": "failed"}, {"maximum_overwritten"}),
    "pad_zero_bug": ({"conv2d": "failed"}, {"crop_with_pad_zero"}),
    "right_with_naive_loops": ({}, set()),
    "syntax_error": ({"conv2d": "error"}, set()),
    "tries_to_cheat": (
        dict.fromkeys(("conv2d", "max_pool2d", "softmax_cross_entropy", "momentum"), "error")
        | {"dense": "failed", "relu": "failed"},
        {"everything_passes"},
    ),
    "untouched_stub": (dict.fromkeys(ASKED, "skipped"), set()),
    "wrong_sign": (
        {"softmax_cross_entropy": "failed", "momentum": "failed"},
        {"sign_flipped", "velocity_subtracted"},
    ),
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def exercises() -> list[Exercise]:
    return Course(ROOT).exercises(ASKED)


def grade(handed: Handed | Path, exercises: list[Exercise], sandbox: Sandbox, *skip: str) -> Report:
    return grade_submission(read_submission(handed, ASKED), exercises, sandbox, Options(skip=frozenset(skip)))


def test_everybody_in_the_class_has_an_expected_verdict() -> None:
    """The table and the folder name the same students."""
    assert set(EXPECTED) == {handed.student for handed in find_submissions(CLASS)}


@pytest.mark.parametrize("student", sorted(EXPECTED))
def test_a_student_gets_the_expected_verdicts(student: str, exercises: list[Exercise], sandbox: Sandbox) -> None:
    """Statuses and named mistakes, without speed, which has a test of its own."""
    (handed,) = [handed for handed in find_submissions(CLASS) if handed.student == student]
    report = grade(handed, exercises, sandbox, "speed")
    statuses, mistakes = EXPECTED[student]
    assert statuses == {e.name: e.status for e in report.exercises if e.status != "passed"}
    assert mistakes == {f.mistake for e in report.exercises for f in e.findings if f.mistake}


def test_naive_loops_are_right_and_slow(exercises: list[Exercise], sandbox: Sandbox) -> None:
    """Slow is its own verdict: everything but speed is earned."""
    report = grade(CLASS / "right_with_naive_loops", exercises, sandbox)
    lost = {finding.check for e in report.exercises for finding in e.findings if finding.score < finding.max_score}
    assert {"speed"} == lost
    assert {"slow"} == {e.status for e in report.exercises if e.name in ("dense", "conv2d", "max_pool2d")}


def test_the_cheat_earns_nothing(exercises: list[Exercise], sandbox: Sandbox) -> None:
    """Six files, six ways, no point."""
    assert 0 == grade(CLASS / "tries_to_cheat", exercises, sandbox).score
