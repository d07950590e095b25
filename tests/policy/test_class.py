"""Assignments in course.toml, the class in students.csv, and what a person decides in adjustments.csv."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autograder.course.policy.course import read_adjustments, read_students
from autograder.course.policy.policy import Adjustment, Assignment, Late, Policy, Student, mark
from autograder.errors import CourseError
from autograder.report.report import ExerciseReport, Report
from tests.policy.test_reading import complaint, read

DUE = datetime(2026, 12, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PS1 = """\
[assignments.ps1]
title = "Problem set 1"
exercises = ["02_layers"]
points = 30
due = 2026-12-01T12:00:00Z
closes = 2026-12-08T12:00:00Z
hints = 2026-11-30T12:00:00Z
"""
WORDS = {"relu": ("relu",), "conv2d": ("conv2d",), "02_layers": ("relu", "conv2d")}


def test_an_assignment_is_read_with_its_units_spread_out(tmp_path: Path) -> None:
    """A unit stands for its exercises, and a time of closing becomes the time after the due date."""
    found = read(tmp_path, PS1).assignments["ps1"]
    expected = Assignment("ps1", ("relu", "conv2d"), "Problem set 1", 30, DUE, 7 * DAY, DUE - DAY)
    assert found == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[assignments.ps1]\nexercises = ["rely"]', "line 2: nothing is called 'rely' here. Did you mean relu?"),
        ('[assignments.ps1]\ntitle = "x"', "line 1: exercises is missing."),
        ('[assignments.relu]\nexercises = ["relu"]', "relu is no name of an assignment"),
        ('[assignments.a]\nexercises = ["relu"]\n[assignments.b]\nexercises = ["02_layers"]', "relu is in a too"),
        ('[assignments.a]\nexercises = ["relu"]\nclosing = "1 day"', "line 3: nothing is called 'closing'"),
        ('[assignments.a]\nexercises = ["relu"]\nclosses = "1 day"', "Did you mean closes?"),
        ('[assignments.a]\nexercises = ["relu"]\ncloses = 2026-12-01T12:00:00Z', "expected one after due"),
        ('[assignments.a]\nexercises = "relu"', "expected a list of exercises and units"),
    ],
)
def test_what_does_not_fit_an_assignment_is_named(tmp_path: Path, text: str, words: str) -> None:
    """The error names the line and the nearest word."""
    assert words in complaint(tmp_path, text + "\n")


def report(*names: str, late: timedelta | None = None, score: float = 6.0) -> Report:
    """Return ann's report of exercises of ten points."""
    when = None if late is None else (DUE + late).strftime("%Y-%m-%dT%H:%M:%SZ")
    exercises = tuple(ExerciseReport(name, "02_layers", "failed", score, 10.0) for name in names)
    return Report("ann", "sealed", score * len(names), 10.0 * len(names), exercises, submitted_at=when, clock="git")


def marked(found: Report, policy: Policy) -> tuple[float | None, float]:
    """Return the mark of a report and its maximum."""
    whole = mark(found, policy).mark
    assert whole
    return whole.score, whole.max_score


def test_the_points_of_an_assignment_are_shared_out() -> None:
    """Each exercise keeps its share; a part of an assignment keeps its own points."""
    policy = Policy(assignments={"ps1": Assignment("ps1", ("relu", "conv2d"), points=30.0)})
    assert marked(report("relu", "conv2d"), policy) == (18, 30)
    assert marked(report("relu"), policy) == (6, 10)
    assert "ps1 counts 30 points" in mark(report("relu", "conv2d"), policy).why


def test_dates_of_an_assignment_stand_between_those_of_exercise_and_unit() -> None:
    """The exercise's own date counts first; closes takes the place of [late]'s."""
    ps1 = {"ps1": Assignment("ps1", ("relu", "conv2d"), due=DUE, closes=DAY)}
    policy = Policy(due={"02_layers": DUE - 9 * DAY, "conv2d": DUE + 9 * DAY}, late=Late(per_day=10), assignments=ps1)
    assert policy.due_at("ann", "02_layers", "relu") == DUE
    assert policy.due_at("ann", "02_layers", "conv2d") == DUE + 9 * DAY
    found = mark(report("relu", "conv2d", late=2 * DAY), policy)
    assert [each.mark.score for each in found.exercises if each.mark] == [0, 6]
    assert found.mark and (found.mark.days_late, found.mark.late_cost) == (2, 6)


def test_a_person_decides_in_the_end() -> None:
    """Points by hand count after lateness; excused leaves the exercise out; score and status stay the grader's."""
    given = {("ann", "relu"): Adjustment(9.0, "misread", ""), ("ann", "conv2d"): Adjustment(None, "ill", "")}
    policy = Policy(due={"default": DUE}, late=Late(per_day=50), adjustments=given)
    found = mark(report("relu", "conv2d", late=DAY), policy)
    assert found.mark and (found.mark.score, found.mark.max_score, found.mark.by_hand) == (9, 10, True)
    assert [(each.score, each.status) for each in found.exercises] == [(6, "failed"), (6, "failed")]
    assert "set to 9 by hand: misread (relu), excused: ill (conv2d)" in found.why
    assert marked(replace(report("relu"), submission="bob"), policy) == (6, 10)


def test_points_above_the_maximum_are_refused_with_their_line() -> None:
    """The maximum is the one that counts."""
    policy = Policy(adjustments={("ann", "relu"): Adjustment(10.5, "kind", "adjustments.csv, line 7")})
    with pytest.raises(CourseError, match=r"adjustments.csv, line 7: 10.5 points are above the maximum of 10"):
        mark(report("relu"), policy)


@pytest.mark.parametrize(
    "text",
    [
        "id,name,section,login\n101,Ann Lee,A,ann\nbob,,,\n",
        "\ufeffid;name;section;login\r\n101.0;Ann Lee;A;ann\r\nbob\r\n",
        "sep=;\nID;Name;Section;Login;e-mail\n101,0;Ann Lee;A;ann;a@x\n\nbob;;;;\n",
        'login\tid\tsection\tname\nann\t101\tA\t"Ann Lee"\n\tbob\t\t\n',
    ],
)
def test_a_class_list_is_read_as_spreadsheets_write_it(tmp_path: Path, text: str) -> None:
    """Mark, separators, order, capitals, Excel's 101.0 and missing cells."""
    (tmp_path / "students.csv").write_bytes(text.encode())
    assert read_students(tmp_path) == (Student("101", "Ann Lee", "A", "ann"), Student("bob"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name\nAnn\n", "line 1: no column is named id"),
        ("id,sectoin\n1,A\n", "line 1, column 2: 'sectoin' is no column. Did you mean section?"),
        ("id,name\n1,Ann\n,Bob\n", "line 3, column id: is empty"),
        ("id,name\n1,Ann\n1,Bob\n", "line 3, column id: 1 has a line already"),
        ("id,name\n1,Lee, Ann\n", "line 2: 3 cells, and the header has 2"),
        ("id\n1.23E+07\n", "line 2, column id: 1.23E+07 was rounded by a spreadsheet"),
        ("id,id\n1,2\n", "'id' is there twice"),
        (b"id\n\xff\n", "Save it as CSV in UTF-8"),
    ],
)
def test_a_fault_of_a_class_list_has_a_line_and_a_column(tmp_path: Path, text: str | bytes, words: str) -> None:
    """The repair can be made without a search."""
    (tmp_path / "students.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CourseError) as caught:
        read_students(tmp_path)
    assert words in str(caught.value)


def test_adjustments_are_read_by_line(tmp_path: Path) -> None:
    """A unit can be excused as a whole, and a login stands for its id."""
    lines = "student;exercise;points;reason\nann;relu;7,5;misread\nbob;02_layers;Excused;ill\n"
    (tmp_path / "adjustments.csv").write_text(lines, encoding="utf-8")
    found = read_adjustments(tmp_path, WORDS, {"ann": "101"})
    assert {key: each.points for key, each in found.items()} == {
        ("101", "relu"): 7.5, ("bob", "relu"): None, ("bob", "conv2d"): None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ann,rely,1,x", "line 2, column exercise: there is no 'rely'; the nearest: relu"),
        ("ann,relu,many,x", "line 2, column points: 'many', expected points such as 7.5"),
        ("ann,relu,-1,x", "column points: '-1'"),
        ("ann,relu,nan,x", "column points: 'nan'"),
        ("ann,relu,3,", "line 2, column reason: is empty"),
        ("ann,02_layers,3,x", "02_layers is not one exercise; it can be excused only"),
        ("ann,relu,3,x\nann,02_layers,excused,y", "line 3: ann and relu are decided in"),
    ],
)
def test_a_fault_of_an_adjustment_has_a_line_and_a_column(tmp_path: Path, line: str, words: str) -> None:
    """Nothing is guessed where points are at stake."""
    (tmp_path / "adjustments.csv").write_text(f"student,exercise,points,reason\n{line}\n", encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        read_adjustments(tmp_path, WORDS, {})
    assert words in str(caught.value)


def test_a_name_that_nobody_bears_is_refused(tmp_path: Path) -> None:
    """In [extensions] and in adjustments, with the nearest names; the class list counts as well as who handed in."""
    policy = read(tmp_path, '[extensions]\nanan = "2 days"\n')
    with pytest.raises(CourseError, match=r"line 2: no student is called 'anan'; the nearest: anna"):
        policy.check_students(["anna", "bob"])
    policy.check_students(["anan"])
    replace(policy, students=(Student("anan"),)).check_students([])
    decided = Policy(adjustments={("zoe", "relu"): Adjustment(1.0, "x", "adjustments.csv, line 2")})
    with pytest.raises(CourseError, match=r"adjustments.csv, line 2: no student is called 'zoe'"):
        decided.check_students(["anna"])
