"""Grades in a spreadsheet: typed numbers, text that is never computed, and no zero for a broken grader."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.render.csv import CLASS, inert
from autograder.report.report import ExerciseReport, Report
from tests.render.conftest import exercise, finding, report
from tests.texts import grades_csv

Golden = Callable[[str, str], None]
NAMES = st.text(st.one_of(st.sampled_from("=+-@\t\r\n ＝＋\",;'"), st.characters()), max_size=20)


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_class_as_a_spreadsheet(class_reports: list[Report], golden: Golden) -> None:
    """The file that an instructor opens, with every situation in it."""
    golden("grades.csv", grades_csv(class_reports))


def test_columns_follow_the_exercises_in_the_order_first_seen() -> None:
    """Exercises of all reports have a column; where a report lacks one the cell is empty."""
    one = Report("a", "sealed", 1.0, 4.0, (ExerciseReport("relu", "u", "failed", 1.0, 4.0),))
    two = Report("b", "sealed", 2.5, 3.0, (ExerciseReport("dense", "u", "failed", 2.5, 3.0),))

    assert rows(grades_csv([one, two])) == [
        ["student", "score", "max_score", "percent", "status", "tier", *CLASS, "relu", "dense"],
        ["a", "1", "4", "25", "failed", "sealed", "", "", "", "", "1", ""],
        ["b", "2.5", "3", "83.33", "failed", "sealed", "", "", "", "", "", "2.5"],
    ]


def test_what_the_grader_broke_is_never_a_number(situations: dict[str, Report]) -> None:
    """The exercise, the score and the percentage say broken; what was graded keeps its number."""
    assert rows(grades_csv([situations["broken"]]))[1] == [
        "carol", "broken", "13", "broken", "broken", "sealed", "", "", "", "not graded: max_pool2d", "7",
        "broken",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("error", "no points: nothing that was handed in can be graded; not read: relu: relu.docx is not Python."),
        ("skipped", "no points: no exercise was found in what was handed in"),
    ],
)
def test_the_table_says_why_somebody_has_no_points(status: Any, why: str) -> None:
    """What cannot be read is not called nothing."""
    message = "relu.docx is not Python." if status == "error" else ""
    refused = exercise("relu", finding("contract", "", status, message=message), handed_in=False)
    (row,) = csv.DictReader(io.StringIO(grades_csv([report("ann", refused)]).lstrip("\ufeff")))
    assert row["look_at"] == why


def test_nothing_to_earn_is_no_percentage(situations: dict[str, Report]) -> None:
    """No exercises, no division by zero and no 100 percent."""
    assert rows(grades_csv([situations["no_exercises"]]))[1][1:4] == ["0", "0", ""]
    assert rows(grades_csv([])) == [["student", "score", "max_score", "percent", "status", "tier", *CLASS]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alice", "alice"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\\t=1"),
        ("\r=1", "'\\r=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ("", ""),
        ("a\nb\x1b[1m", r"a\nb\x1b[1m"),
    ],
)
def test_a_formula_is_made_text(text: str, expected: str) -> None:
    """An apostrophe stands before whatever a spreadsheet would compute."""
    assert inert(text) == expected


@given(NAMES, NAMES, NAMES)
def test_no_cell_is_computed_whatever_it_holds(student: str, exercise: str, tier: str) -> None:
    """Every cell, headers too, begins with nothing a spreadsheet acts on; rows stay rows; numbers stay numbers."""
    graded = (ExerciseReport(exercise, "u", "passed", 1.5, 2.0),)

    text = grades_csv([Report(student, tier, 1.5, 2.0, graded)])

    table = rows(text)
    assert [len(row) for row in table] == [11, 11]
    assert not [cell for row in table for cell in row if cell.lstrip(" ").startswith(tuple("=+-@\t\r\n＝＋－＠"))]
    assert text.split("\n")[1].endswith(",1.5")
    text.encode("utf-8")
