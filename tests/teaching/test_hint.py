"""Which hint comes next: about the first thing that is wrong, one step further than the last time."""

from __future__ import annotations

import pytest

from autograder.course.catalog import Course
from autograder.diagnosis.hint import choose
from autograder.report.report import ExerciseReport, Finding

STEPS = ("What differs\na", "Which term\nb", "The formula, with a hole\nc", "A case for paper\nd")
DX = Finding("gradient", "scale_backward", "failed", "dx", ladder=STEPS, mistake="dout_forgotten")
RIGHT = Finding("values", "scale_forward", "passed", "out")


def report(*findings: Finding) -> ExerciseReport:
    """An exercise with these findings."""
    return ExerciseReport("scale", "u", "failed", 0.0, 1.0, findings)


@pytest.fixture
def scale(tiny: Course):
    """The tiny course's scale."""
    return tiny.exercise("scale")


def test_steps_come_one_by_one(scale):
    """Beginning behind what the feedback has told anyway, and staying at the last."""
    record: dict[str, object] = {}
    seen = []
    for _ in range(4):
        hint = choose(scale, report(RIGHT, DX), record)
        record = {"about": hint.about, "told": hint.shown}
        seen.append((hint.shown_before, hint.shown))
    assert seen == [(2, 3), (3, 4), (4, 4), (4, 4)]


def test_all_steps_at_once(scale):
    """On request."""
    assert choose(scale, report(DX), {}, all_steps=True).shown == 4


@pytest.mark.parametrize(
    "record",
    [{"about": "something else", "told": 4}, {"about": 3, "told": 4}, {"told": 4}, {"about": "x", "told": "4"}, {}],
)
def test_another_mistake_begins_its_own_ladder(scale, record):
    """So does a record that makes no sense."""
    assert choose(scale, report(DX), record).shown == 3


def test_a_record_from_a_longer_ladder_is_cut(scale):
    """More steps than there are."""
    about = choose(scale, report(DX), {}).about
    assert choose(scale, report(DX), {"about": about, "told": 99}).shown == 4
    assert choose(scale, report(DX), {"about": about, "told": -5}).shown == 3


def test_a_wrong_signature_comes_first(scale):
    """It explains what fails after it."""
    contract = Finding("contract", "scale_backward", "failed", ladder=("What differs\nx",))
    assert choose(scale, report(DX, contract), {}).finding is contract


def test_what_is_wrong_comes_before_what_is_not_written(scale):
    """And slow is wrong enough."""
    waiting = Finding("contract", "scale_forward", "skipped", message="scale_forward is not written yet.")
    slow = Finding("speed", "scale_backward", "slow", message="slow")
    assert choose(scale, report(waiting, slow), {}).finding is slow
    assert choose(scale, report(waiting, slow), {}).steps == ()


def test_what_is_not_written_begins_with_the_formula(scale):
    """Nothing differs yet; the function's own formula and case lead in."""
    waiting = Finding("contract", "scale_backward", "skipped", message="scale_backward is not written yet.")
    hint = choose(scale, report(RIGHT, waiting), {})
    assert (hint.shown_before, hint.shown) == (0, 1)
    assert hint.steps[0] == "The formula, with a hole\ndx[i, j] = dout[i, j] * ____"
    assert hint.steps[1].startswith("A case for paper\ndout = ")
    absent = Finding("contract", "", "skipped", message="scale.py was not handed in.")
    assert choose(scale, report(absent), {}).steps[0].endswith("out[i, j] = x[i, j] * ____")


def test_a_right_answer_needs_no_hint(scale):
    """Nothing to say."""
    assert choose(scale, report(RIGHT), {}).finding is None
