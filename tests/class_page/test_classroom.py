"""The statistics of a class."""

from __future__ import annotations

from autograder.render.html.class_page import histogram
from autograder.render.html.classroom import cell, is_small
from autograder.report.report import Finding
from tests.class_page.conftest import exercise, failed, report


def test_a_cell_says_status_and_percent():
    """A cell is a letter and two hex digits; an absent exercise differs from one without points."""
    assert cell(exercise("a", 7.5, "failed")) == "f4b"
    assert cell(exercise("a", 0.0, "skipped")) == "k00"
    assert cell(exercise("a", 0.0, "broken")) == "b00"
    assert cell(None) == "-00"


def test_broken_is_no_part_of_any_mean(room):
    """Neither of the exercise's nor of the score distribution."""
    found = room([report("ann", exercise("relu", 8.0)), report("bob", exercise("relu", 0.0, "broken"))])
    column = found.columns["relu"]
    assert (column.counts["graded"], column.shares, column.counts["handed in"]) == (1, 0.8, 2)
    assert found.shares == [0.8, None]


def test_the_histogram_counts_everybody_once():
    """The full score stands in the last bin, what is not graded in none."""
    counts = [item["count"] for item in histogram([0.0, 0.049, 0.05, 1.0, None, 0.999])]
    assert (counts[0], counts[1], counts[19], sum(counts)) == (2, 1, 2, 5)


def test_a_mistake_in_two_outputs_is_one_student(room):
    """A name counts once for each student who made it."""
    two = exercise("relu", 0.0, "failed", *(
        Finding("gradient", "relu_backward", "failed", output, mistake="slope_one") for output in ("dx", "dw")
    ))  # fmt: skip
    found = room([report("ann", two), report("bob", failed("relu")), report("cat", two)])
    assert found.mistakes == {("relu", "relu_backward", "slope_one"): [0, 2]}


def test_speed_is_counted_by_tier(room):
    """Up to the first bar fast, up to the second fair, beyond it slow."""
    runs = [Finding("speed", "f", "passed", figures={"ratio": r, "fast": 5.0, "fair": 60.0}) for r in (1, 5, 6, 61)]
    found = room([report("ann", exercise("relu", 1.0, "slow", *runs))]).columns["relu"].speed
    assert found == {"fast": 2, "fair": 1, "slow": 1}


def test_only_small_groups_are_worth_a_look():
    """One is nobody's company, and what a tenth of a class shares is common."""
    assert [is_small(who, 50) for who in ([1], [1, 2], [1, 2, 3, 4, 5])] == [False, True, False]
    assert is_small(list(range(40)), 1000)


def test_what_a_group_shares_stands_together(html):
    """Two students with two programs and a wrong answer in common are one entry."""
    parts = [exercise("conv2d"), exercise("dense"), failed("relu", answer="3" * 64)]
    codes = {"conv2d": "1", "dense": "2"}
    class_ = [report("ann", *parts), report("bob", *parts), report("cat", exercise("conv2d"))]
    page = html(class_, {"ann": codes, "bob": codes, "cat": {"conv2d": "4"}})
    assert "the same program: conv2d, dense; the same wrong answer: relu_forward out" in " ".join(page.split())
    assert page.count('data-kind="groups"') == 1
