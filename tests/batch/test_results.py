"""What a batch writes is whole, safe to open, and complete."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.batch import results
from autograder.report import ExerciseReport, Report


def make(student: str, status: str = "passed") -> Report:
    exercise = ExerciseReport("relu", "02_layers", status, 10.0, 10.0)  # type: ignore[arg-type]
    return Report(student, "sealed", 10.0, 10.0, (exercise,))


def test_every_student_has_a_record_and_a_feedback(tmp_path: Path) -> None:
    """Named by a safe form of the student's name, wherever that name points."""
    for student in ("ada", "../../etc/passwd", "CON", "=1+1"):
        results.write_report(tmp_path, make(student))
    assert 4 == len(list((tmp_path / "reports").iterdir())) == len(list((tmp_path / "feedback").iterdir()))
    assert {"ada", "../../etc/passwd", "CON", "=1+1"} == {
        json.loads(path.read_text())["submission"] for path in (tmp_path / "reports").iterdir()
    }


def test_grades_are_sorted_and_neutralised(tmp_path: Path) -> None:
    """One row a student; a name that a spreadsheet would compute is text."""
    path = results.write_grades(tmp_path, [make("zoe"), make("=1+1")])
    rows = path.read_text(encoding="utf-8").splitlines()
    assert ["\"'=1+1\"", '"zoe"'] == [row.split(",")[0] for row in rows[1:]]


def test_a_crash_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new text replaces the old one in a single step, or not at all."""
    path = tmp_path / "grades.csv"
    results.write_whole(path, "old")

    def crash(descriptor: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", crash)
    with pytest.raises(OSError, match="disk full"):
        results.write_whole(path, "new")
    assert "old" == path.read_text()
