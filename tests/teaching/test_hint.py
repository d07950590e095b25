"""The next hint is about the first wrong finding, and shows one step more than the last time."""

from __future__ import annotations

import pytest

from autograder.course.catalog import Course
from autograder.frontends.watch.hints import choose
from autograder.report.report import ExerciseReport, Finding

STEPS = ("What differs\na", "Which term\nb", "The formula, with a hole\nc", "A case for paper\nd")
DX = Finding("gradient", "scale_backward", "failed", "dx", ladder=STEPS, mistake="dout_forgotten")
RIGHT = Finding("values", "scale_forward", "passed", "out")


def report(*findings: Finding) -> ExerciseReport:
    """Return the report of an exercise with these findings."""
    return ExerciseReport("scale", "u", "failed", 0.0, 1.0, findings)


@pytest.fixture
def scale(tiny: Course):
    """Return the exercise scale of the tiny course."""
    return tiny.exercise("scale")


def test_steps_come_one_by_one(scale):
    """The first hint starts after the steps of the feedback; after the last step no more follow."""
    record: dict[str, object] = {}
    seen = []
    for _ in range(4):
        hint = choose(scale, report(RIGHT, DX), record)
        record = {"about": hint.about, "told": hint.shown}
        seen.append((hint.shown_before, hint.shown))
    assert seen == [(1, 2), (2, 3), (3, 4), (4, 4)]


def test_all_steps_at_once(scale):
    """All steps are shown on request."""
    assert choose(scale, report(DX), {}, all_steps=True).shown == 4


@pytest.mark.parametrize(
    "record",
    [{"about": "something else", "told": 4}, {"about": 3, "told": 4}, {"told": 4}, {"about": "x", "told": "4"}, {}],
)
def test_another_mistake_begins_its_own_ladder(scale, record):
    """A record of another mistake, or an invalid one, starts the steps again."""
    assert choose(scale, report(DX), record).shown == 2


def test_a_record_from_a_longer_ladder_is_cut(scale):
    """A record with more steps than there are is limited to their number."""
    about = choose(scale, report(DX), {}).about
    assert choose(scale, report(DX), {"about": about, "told": 99}).shown == 4
    assert choose(scale, report(DX), {"about": about, "told": -5}).shown == 2


def test_a_wrong_signature_comes_first(scale):
    """A wrong signature, which explains later failures, is chosen first."""
    contract = Finding("contract", "scale_backward", "failed", ladder=("What differs\nx",))
    assert choose(scale, report(DX, contract), {}).finding is contract


def test_what_is_wrong_comes_before_what_is_not_written(scale):
    """A wrong function, even a slow one, is chosen before one that is not written."""
    waiting = Finding("contract", "scale_forward", "skipped", message="scale_forward is not written yet.")
    slow = Finding("speed", "scale_backward", "slow", message="slow")
    assert choose(scale, report(waiting, slow), {}).finding is slow
    assert choose(scale, report(waiting, slow), {}).steps == ()


def test_what_is_not_written_begins_with_the_formula(scale):
    """The hints about a function that is not written are its formula and its small case."""
    waiting = Finding("contract", "scale_backward", "skipped", message="scale_backward is not written yet.")
    hint = choose(scale, report(RIGHT, waiting), {})
    assert (hint.shown_before, hint.shown) == (0, 1)
    assert hint.steps[0] == "The formula, with a hole\ndx[i, j] = dout[i, j] * ____"
    assert hint.steps[1].startswith("A case for paper\ndout = ")
    absent = Finding("contract", "", "skipped", message="scale.py was not handed in.")
    assert choose(scale, report(absent), {}).steps[0].endswith("out[i, j] = x[i, j] * ____")


def test_a_right_answer_needs_no_hint(scale):
    """A report without failures gives no hint."""
    assert choose(scale, report(RIGHT), {}).finding is None
