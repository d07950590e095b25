"""Tests of scores in nbgrader's gradebook: written in one transaction, read by nbgrader, and exported again."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from autograder.cli.main import main
from autograder.errors import UsageError
from autograder.platforms import nbgrader
from autograder.platforms.nbgrader import write
from autograder.report.json import to_json
from autograder.report.report import ExerciseReport, Finding, Report

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


def exercise(name: str, score: float, **facts) -> ExerciseReport:
    """Return an exercise's report of 10 points, submitted."""
    status = "passed" if score == 10 else "failed"
    fields = {"status": status, "source": "ab12", **facts}
    found = Finding("values", name, fields["status"], score=score, max_score=10.0)
    return ExerciseReport(name, "02_layers", **fields, score=score, max_score=10.0, findings=(found,))


def report(student: str, *exercises: ExerciseReport, **facts) -> Report:
    """Return a graded submission."""
    score = sum(each.score for each in exercises)
    return Report(student, "sealed", score, 10.0 * len(exercises), exercises, **facts)


NOON = "2026-11-20T12:00:00+02:00"
ADA = report("ada", exercise("conv2d", 10.0), exercise("relu", 7.25), submitted_at=NOON, clock="lms")
BOB = report("bob", exercise("conv2d", 0.0), exercise("relu", 3.3333))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Create an empty gradebook once, which takes nbgrader seconds."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    assert write(f"sqlite:///{path}", "default_course", []) == ({}, [])
    return path.read_bytes()


@pytest.fixture
def url(tmp_path: Path, empty: bytes) -> str:
    """Return the URL of a copy of the empty gradebook."""
    (tmp_path / "gradebook.db").write_bytes(empty)
    return f"sqlite:///{tmp_path / 'gradebook.db'}"


def book(url: str):
    """Open the gradebook with nbgrader."""
    from nbgrader.api import Gradebook

    return Gradebook(url, "default_course")


def test_nbgrader_and_formgrader_read_them(url: str) -> None:
    """nbgrader reads scores, maxima, times, students and the cells that need no manual grading."""
    assert write(url, "default_course", [ADA, BOB]) == ({"ada": 2, "bob": 2}, [])
    with book(url) as there:
        grade = there.find_grade("relu-check", "02_layers", "02_layers", "ada")
        assert (7.25, 10.0, False) == (grade.auto_score, grade.max_score, grade.needs_manual_grade)
        assert datetime(2026, 11, 20, 10) == there.find_submission("02_layers", "ada").timestamp
        rows = {row["student"]: row for row in there.submission_dicts("02_layers")}
        assert (17.25, 20.0, False) == tuple(rows["ada"][key] for key in ("score", "max_score", "needs_manual_grade"))
        assert {"ada": 17.25, "bob": 3.3333} == {row["id"]: row["score"] for row in there.student_dicts()}


def test_writing_again_changes_only_what_changed(url: str) -> None:
    """A second write updates scores, adds no rows, and keeps manual scores."""
    write(url, "default_course", [ADA, BOB])
    with book(url) as there:
        there.find_grade("relu-check", "02_layers", "02_layers", "bob").manual_score = 9.0
        there.db.commit()
    write(url, "default_course", [report("bob", exercise("conv2d", 5.0), exercise("relu", 4.0))])
    with book(url) as there:
        grade = there.find_grade("relu-check", "02_layers", "02_layers", "bob")
        assert (4.0, 9.0, 9.0, True) == (grade.auto_score, grade.manual_score, grade.score, grade.needs_manual_grade)
        assert (17.25, 14.0) == tuple(there.find_submission("02_layers", name).score for name in ("ada", "bob"))


def test_a_fault_of_the_grader_is_no_number(url: str, capsys, tmp_path: Path) -> None:
    """A broken exercise needs manual grading, is reported, and gives exit code 1."""
    broken = report("eve", exercise("conv2d", 10.0), exercise("relu", 0.0, status="broken"))
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "eve.json").write_text(to_json(broken))
    assert main(["export", "nbgrader", str(tmp_path), "--db", str(tmp_path / "gradebook.db")]) == 1
    said = capsys.readouterr()
    assert "not in the gradebook: eve: the grader failed in relu; grade it again" in said.err
    assert "1 score of 1 student" in said.out
    with book(url) as there:
        grade = there.find_grade("relu-check", "02_layers", "02_layers", "eve")
        assert (None, True) == (grade.auto_score, grade.needs_manual_grade)


def test_who_submitted_nothing_has_no_submission(url: str) -> None:
    """A student without a file has no submission, as after nbgrader's own run, which exports 0."""
    nothing = exercise("conv2d", 0.0, status="skipped", source=None)
    write(url, "default_course", [ADA, report("zoe", nothing)])
    with book(url) as there:
        assert ["ada"] == [row["student"] for row in there.submission_dicts("02_layers")]


def test_other_points_are_refused_and_nothing_is_written(url: str) -> None:
    """Points that differ from the gradebook's are an error, and nothing is written."""
    write(url, "default_course", [ADA])
    dearer = report("bob", exercise("conv2d", 10.0), replace(exercise("relu", 5.0), max_score=12.0))
    with pytest.raises(UsageError, match="relu is worth 10 points in the gradebook and 12 in the results"):
        write(url, "default_course", [dearer])
    with book(url) as there:
        assert ["ada"] == [student.id for student in there.students]


def test_a_gradebook_in_use_is_left_alone(url: str, tmp_path: Path) -> None:
    """A locked gradebook is an error, and nothing is written."""
    write(url, "default_course", [ADA])
    with closing(sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UsageError, match=r"is locked.* Close what uses it. Nothing was written."):
            write(f"{url}?timeout=0", "default_course", [BOB])
        other.execute("ROLLBACK")
    with book(url) as there:
        assert ["ada"] == [student.id for student in there.students]


def test_killed_at_the_last_instant_nothing_is_written(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill before the commit leaves the gradebook valid and unchanged."""
    write(url, "default_course", [ADA])
    before = (tmp_path / "gradebook.db").read_bytes()
    fill = nbgrader._fill

    def fill_and_die(there, *given) -> None:
        fill(there, *given)
        there.db.flush()
        os.kill(os.getpid(), signal.SIGKILL)

    if not (child := os.fork()):
        try:
            monkeypatch.setattr(nbgrader, "_fill", fill_and_die)
            write(url, "default_course", [BOB])
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    with book(url) as there:
        assert ["ada"] == [student.id for student in there.students]
    assert before == (tmp_path / "gradebook.db").read_bytes()
