"""The sample class gets the verdicts that its names promise, in the sandbox of this machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from autograder.report.report import Report
from autograder.sandbox.sandbox import Sandbox
from autograder.spec.exercise import Exercise
from autograder.submission.listing import list_entries
from tests.course.sample_class import ASKED, CLASS, GOLDEN, exercises, grade, rows, written

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
def asked() -> list[Exercise]:
    return exercises()


@pytest.fixture(scope="module")
def report_of(asked: list[Exercise], sandbox: Sandbox) -> Callable[[str], Report]:
    """student → report without speed, which has a test of its own; each student is graded once."""
    entry = {each.student: each for each in list_entries(CLASS).entries}
    return cache(lambda student: grade(entry[student], asked, sandbox, "speed"))


def test_everybody_in_the_class_has_an_expected_verdict() -> None:
    """The table and the folder name the same students."""
    assert set(EXPECTED) == {entry.student for entry in list_entries(CLASS).entries}


@pytest.mark.parametrize("student", sorted(EXPECTED))
def test_a_student_gets_the_expected_verdicts(student: str, report_of: Callable[[str], Report]) -> None:
    """Statuses and named mistakes."""
    report = report_of(student)
    statuses, mistakes = EXPECTED[student]
    assert statuses == {e.name: e.status for e in report.exercises if e.status != "passed"}
    assert mistakes == {f.mistake for e in report.exercises for f in e.findings if f.mistake}


@pytest.mark.parametrize("student", sorted(EXPECTED))
def test_a_student_is_told_what_the_golden_file_says(
    student: str, report_of: Callable[[str], Report], sandbox: Sandbox
) -> None:
    """Every finding with its points and words. Renew the file by `python -m tests.course.sample_class`, and read its
    difference before you keep it."""
    if sandbox.tier == "local" and student == "tries_to_cheat":
        pytest.skip("what the cheat gets depends on what it is kept from")
    golden = [row for row in json.loads(GOLDEN.read_text(encoding="utf-8")) if row["student"] == student]
    assert golden == json.loads(json.dumps(list(rows(report_of(student)))))


def test_the_golden_file_is_written_by_its_command() -> None:
    """It has the form that the command gives it, so that renewing it changes only what has changed."""
    text = GOLDEN.read_text(encoding="utf-8")
    assert text == written(json.loads(text))
    assert {row["student"] for row in json.loads(text)} == set(EXPECTED)


def test_naive_loops_are_right_and_slow(asked: list[Exercise], sandbox: Sandbox) -> None:
    """Slow is its own verdict: everything but speed is earned."""
    report = grade(CLASS / "right_with_naive_loops", asked, sandbox)
    lost = {finding.check for e in report.exercises for finding in e.findings if finding.score < finding.max_score}
    assert {"speed"} == lost
    assert {"slow"} == {e.status for e in report.exercises if e.name in ("dense", "conv2d", "max_pool2d")}


def test_the_cheat_earns_nothing(asked: list[Exercise], sandbox: Sandbox) -> None:
    """Six files, six ways, no point."""
    assert 0 == grade(CLASS / "tries_to_cheat", asked, sandbox).score
