"""Tests of the files of results: complete, safe to open, and each replaced in a single step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.batch import results
from autograder.report.files import whole
from autograder.report.report import ExerciseReport, Report

TERMS = results.ClassTerms(["relu"])


def make(student: str, status: str = "passed") -> Report:
    exercise = ExerciseReport("relu", "02_layers", status, 10.0, 10.0)  # type: ignore[arg-type]
    return Report(student, "sealed", 10.0, 10.0, (exercise,))


def test_every_student_has_a_record_and_a_feedback(tmp_path: Path) -> None:
    """Files are named by a safe form of the student's name, also where the name is a path."""
    for student in ("ada", "../../etc/passwd", "CON", "=1+1"):
        results.write_student(tmp_path, make(student), TERMS)
    assert 4 == len(list((tmp_path / "reports").iterdir()))
    assert [4, 4] == [len(list((tmp_path / "feedback").glob(f"*.{form}"))) for form in ("html", "txt")]
    assert {"ada", "../../etc/passwd", "CON", "=1+1"} == {
        json.loads(path.read_text())["submission"] for path in (tmp_path / "reports").iterdir()
    }


def write(folder: Path, *reports: Report) -> None:
    pages = (results.write_student(folder, report, TERMS) for report in reports)
    assert results.write_class(folder, pages, TERMS) == len(reports)


def test_the_class_is_a_table_and_a_list(tmp_path: Path) -> None:
    """Each student has a row and a line; a name that is a spreadsheet formula is text in the table and unchanged in the
    list."""
    write(tmp_path, make("=1+1"), make("zoe", "failed"))
    rows = (tmp_path / "grades.csv").read_text(encoding="utf-8-sig").splitlines()
    assert ['"student"', "\"'=1+1\"", '"zoe"'] == [row.split(",")[0] for row in rows]
    lines = [json.loads(line) for line in (tmp_path / "grades.jsonl").read_text(encoding="utf-8").splitlines()]
    assert ["=1+1", "zoe"] == [line["student"] for line in lines]
    points = {"status": "failed", "score": 10.0, "max_score": 10.0}
    assert {"student": "zoe", **points, "tier": "sealed", "exercises": {"relu": points}} == lines[1]


def test_what_is_no_grade_is_no_number(tmp_path: Path) -> None:
    """A missing grade is "broken" in the table, and null in the list."""
    write(tmp_path, make("ada", "broken"))
    assert '"ada","broken",10,"broken","broken","sealed",' in (tmp_path / "grades.csv").read_text("utf-8")
    line = json.loads((tmp_path / "grades.jsonl").read_text())
    assert (None, None) == (line["score"], line["exercises"]["relu"]["score"])


def test_the_old_grades_stay_until_the_last_report_has_come(tmp_path: Path) -> None:
    """A run that ends early leaves the earlier table, and no draft."""
    write(tmp_path, make("ada"))
    before = (tmp_path / "grades.csv").read_bytes()

    def half() -> Iterator[results.StudentPage]:
        yield results.write_student(tmp_path, make("bob"), TERMS)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        results.write_class(tmp_path, half(), TERMS)
    assert before == (tmp_path / "grades.csv").read_bytes()
    written = {"grades.csv", "grades.jsonl", "index.html", "reports", "feedback"}
    assert written == {path.name for path in tmp_path.iterdir()}


def test_who_is_not_in_the_class_any_more_leaves_no_file(tmp_path: Path) -> None:
    """The files of students who have left are removed; other files stay."""
    write(tmp_path, make("ada"), make("bob"))
    (tmp_path / "feedback" / "notes.md").write_text("mine", encoding="utf-8")
    write(tmp_path, make("bob"))
    assert ["bob.json"] == [path.name for path in (tmp_path / "reports").iterdir()]
    assert {"bob.html", "bob.txt", "notes.md"} == {path.name for path in (tmp_path / "feedback").iterdir()}


def test_a_crash_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash while writing leaves the old text."""
    path = tmp_path / "grades.csv"
    with whole(path) as file:
        file.write("old")

    def crash(descriptor: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", crash)
    with pytest.raises(OSError, match="disk full"), whole(path) as file:
        file.write("new")
    assert ("old", [path]) == (path.read_text(), list(tmp_path.iterdir()))


def test_a_draft_that_a_kill_left_is_written_over(tmp_path: Path) -> None:
    """A draft that a killed process left is overwritten and never read."""
    (tmp_path / ".grades.csv.draft").write_text("half of a table, and much longer than the new one")
    with whole(tmp_path / "grades.csv") as file:
        file.write("new")
    assert {"grades.csv": "new"} == {path.name: path.read_text() for path in tmp_path.iterdir()}
