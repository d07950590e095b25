"""The marks of a report under a course's rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.policy.policy import Late, Policy, follow_through
from autograder.course.policy.policy import mark as marked
from autograder.report.report import ExerciseReport, Finding, Report

DUE = datetime(2026, 12, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def exercise(name, score, unit="u", status="passed", findings=()):
    """Return a report of one exercise of ten points."""
    return ExerciseReport(name, unit, status, score, 10.0, tuple(findings))


def report(*exercises, late=None, clock="git"):
    """Return a report submitted `late` after DUE; without `late` the time is unknown."""
    when = None if late is None else (DUE + late).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Report("ann", "sealed", 0.0, 0.0, exercises, submitted_at=when, clock=clock)


def mark(record, policy):
    """Return the mark of the whole report."""
    return marked(record, policy).mark


def dropped(record, policy):
    """Return the names of the exercises that do not count."""
    return [each.name for each in marked(record, policy).exercises if each.mark.max_score == 0]


def test_without_rules_points_are_points():
    """Under the default policy the mark is the sum of the points."""
    found = mark(report(exercise("a", 4.0), exercise("b", 7.5)), Policy())
    assert (found.score, found.max_score, found.days_late, found.notes) == (11.5, 20, 0, ())


def test_weights_multiply_score_and_maximum():
    """A weight multiplies score and maximum; a weight of 0 leaves an exercise out."""
    found = mark(report(exercise("a", 4.0), exercise("b", 7.0)), Policy(weights={"u": 2.0, "b": 0.0}))
    assert (found.score, found.max_score) == (8, 20)


@pytest.mark.parametrize(
    ("late", "days", "score"),
    [
        (-DAY, 0, 8.0),
        (timedelta(0), 0, 8.0),
        (timedelta(minutes=15), 0, 8.0),
        (timedelta(minutes=16), 1, 7.2),
        (DAY, 1, 7.2),
        (DAY + timedelta(seconds=1), 2, 6.4),
        (4 * DAY, 4, 5.6),
        (7 * DAY, 7, 5.6),
        (7 * DAY + timedelta(seconds=1), 8, 0.0),
    ],
)
def test_a_late_answer_loses_ten_percent_a_day(late, days, score):
    """The penalty follows grace, days begun, the cap of thirty percent, and the end after a week."""
    rules = Late(timedelta(minutes=15), per_day=10, cap=30, closes=7 * DAY)
    found = mark(report(exercise("a", 8.0), late=late), Policy(due={"default": DUE}, late=rules))
    assert (found.days_late, found.score) == (days, score)


def test_a_penalty_of_the_maximum_never_goes_below_zero():
    """Thirty percent of ten points is more than two points, and the mark is 0."""
    policy = Policy(due={"default": DUE}, late=Late(per_day=10, of="max"))
    assert mark(report(exercise("a", 8.0), late=3 * DAY), policy).score == 5
    assert mark(report(exercise("a", 2.0), late=3 * DAY), policy).score == 0


def test_an_extension_moves_one_student_s_date():
    """An extension of two days moves the due date of one student."""
    policy = Policy(due={"default": DUE}, late=Late(per_day=10), extensions={"ann": {"default": 2 * DAY}})
    assert mark(report(exercise("a", 10.0), late=2 * DAY), policy).days_late == 0
    assert mark(report(exercise("a", 10.0), late=3 * DAY), policy).days_late == 1


def test_the_weakest_of_each_unit_is_dropped():
    """Points and maximum of the weakest exercise are left out; one exercise of a unit always stays."""
    lines = (exercise("a", 3.0), exercise("b", 9.0), exercise("c", 5.0), exercise("alone", 1.0, unit="v"))
    found = mark(report(*lines), Policy(drop=1))
    assert (found.score, found.max_score) == (15, 30)
    assert dropped(report(*lines), Policy(drop=1)) == ["a"]


def test_what_is_broken_is_no_number():
    """A broken exercise leaves the mark unknown, and is never dropped as the weakest."""
    record = report(exercise("a", 0.0, status="broken"), exercise("b", 9.0))
    assert mark(record, Policy(drop=1)).score is None
    assert dropped(record, Policy(drop=1)) == ["b"]


def test_an_unknown_time_is_not_late_and_is_said():
    """Without a time there is no penalty; the notes name a clock that copying changes."""
    policy = Policy(due={"default": DUE}, late=Late(per_day=10))
    assert mark(report(exercise("a", 8.0)), policy).notes == (
        "when it was handed in is unknown, so it was not counted as late",
    )
    found = mark(report(exercise("a", 8.0), late=-DAY, clock="file"), policy)
    assert found.notes == ("the time is that of its files, which copying may change",)


def pair(mistake="pad forgotten", consistency="passed"):
    """Return an exercise whose forward fails, by a known mistake or not, and whose backward follows it or not."""
    return exercise("conv", 2.0, status="failed", findings=(
        Finding("values", "conv_forward", "failed", "out", 0.0, 3.0, mistake=mistake),
        Finding("gradient", "conv_backward", "failed", "dx", 0.0, 2.0),
        Finding("gradient", "conv_backward", "failed", "dw", 0.0, 2.0),
        Finding("gradient", "conv_backward", "passed", "db", 1.0, 1.0),
        Finding("consistency", "conv_backward", consistency),
    ))  # fmt: skip


def test_following_one_s_own_forward_earns_a_share():
    """The backward earns half of the four points that the forward's known mistake cost it."""
    assert mark(report(pair()), Policy(follow_through=0.5)).score == 4
    assert mark(report(pair()), Policy()).score == 2


@pytest.mark.parametrize("lost", [pair(mistake=None), pair(consistency="failed")])
def test_a_consistent_pair_alone_is_worth_nothing(lost):
    """forward = x with backward = dout is consistent, and earns nothing without a known mistake."""
    assert follow_through(lost, 0.5) == 0


@given(
    scores=st.lists(st.floats(0, 10), min_size=1, max_size=6),
    late=st.integers(-10, 400),
    drop=st.integers(0, 3),
    per_day=st.floats(0, 100),
    of=st.sampled_from(["score", "max"]),
)
def test_a_mark_lies_between_zero_and_its_maximum(scores, late, drop, per_day, of):
    """A mark is between 0 and its maximum under any rules, and lateness never adds a point."""
    record = report(*(exercise(f"e{i}", round(s, 2)) for i, s in enumerate(scores)), late=timedelta(hours=late))
    rules = Policy(due={"default": DUE}, late=Late(per_day=per_day, of=of), drop=drop)
    found = mark(record, rules)
    assert found.score is not None
    assert 0 <= found.score <= found.max_score
    assert found.score <= mark(record, Policy(drop=drop)).score + 1e-6 or drop
