"""Tests of the journal: it holds every acknowledged verdict and nothing else, also when its writer is killed."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.batch.journal import NAME, SCHEMA, Journal, from_record
from autograder.batch.worker import ReadResult
from autograder.errors import UsageError
from autograder.report.report import ExerciseReport, Finding
from autograder.submission.source import Entry, Source, Submission
from tests.house.sources import ROOT

ADA = Entry("ada", Path("ada"))
FOUND = Finding("values", "f", "failed", message="out is wrong.")
GRADED = ExerciseReport("scale", "01_tiny", "failed", 5.5, 8.0, (FOUND,), variant="7e" * 32)


def fill(journal: Journal, text: str = "x = 1", identity: str = "same") -> int:
    """Store Ada's submission of `text`, and return the id of its source."""
    journal.set_entries([ADA])
    source = Source(text, "5" * 64, "scale.py")
    journal.store("ada", ReadResult(Submission("ada", {"scale": source}), {text: identity}), ["scale"])
    (key,) = journal.sql.execute("SELECT source FROM entry WHERE student = 'ada'").fetchone()
    return int(key)


def suite(journal: Journal) -> int:
    journal.sql.execute("INSERT INTO suite (exercise, sha256, environment, parts) VALUES ('scale', '6', '{}', '{}')")
    return int(journal.sql.execute("SELECT id FROM suite").fetchone()[0])


def records(folder: Path) -> list[tuple[str, float]]:
    """Read the records from another connection."""
    with sqlite3.connect(folder / NAME) as sql:
        found = sql.execute("SELECT status, score FROM record ORDER BY id").fetchall()
    sql.close()
    return found


def test_a_verdict_is_there_when_add_returns(tmp_path: Path) -> None:
    """Other readers see a verdict at once, while the writer is still open."""
    with Journal(tmp_path) as journal:
        journal.add(fill(journal), suite(journal), GRADED, 0.5, 7)
        assert records(tmp_path) == [("failed", 5.5)]


def test_a_verdict_comes_back_as_it_was(tmp_path: Path) -> None:
    """Every field is restored except the student's file, which several may share; the seed is stored beside the report.
    """
    with Journal(tmp_path) as journal:
        journal.add(fill(journal), suite(journal), replace(GRADED, source="5" * 64, path="scale.py"), 0.5, 7)
        (text,) = journal.sql.execute("SELECT report FROM record").fetchone()
    assert from_record(text) == (GRADED, 7)


def test_there_is_one_verdict_on_a_text_under_a_suite(tmp_path: Path) -> None:
    """The database refuses a second verdict, and accepts any number of broken records."""
    broken = replace(GRADED, status="broken")
    with Journal(tmp_path) as journal:
        source, under = fill(journal), suite(journal)
        for report in (broken, broken, GRADED):
            journal.add(source, under, report, 0.5, 7)
        with pytest.raises(sqlite3.IntegrityError):
            journal.add(source, under, GRADED, 0.5, 7)


@pytest.mark.parametrize(
    ("message", "line", "speaks"),
    [("raises NameError at line 7.", None, 1), ("", 7, 1), ("The decision line is off.", None, 0), ("", None, 0)],
)
def test_it_knows_which_verdicts_speak_of_lines(tmp_path: Path, message: str, line: int | None, speaks: int) -> None:
    """A verdict that mentions lines is marked, because it holds for one text only."""
    found = replace(GRADED, findings=(Finding("values", "f", "error", message=message, line=line),))
    with Journal(tmp_path) as journal:
        journal.add(fill(journal), suite(journal), found, 0.5, 7)
        assert journal.sql.execute("SELECT lines FROM record").fetchone() == (speaks,)


def test_what_is_written_together_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """An exception inside a transaction leaves the earlier state."""
    with Journal(tmp_path) as journal:
        fill(journal)
        with pytest.raises(ZeroDivisionError), journal.transaction():
            journal.sql.execute("DELETE FROM entry")
            raise ZeroDivisionError
        assert journal.sql.execute("SELECT COUNT(*) FROM entry").fetchone() == (1,)


def test_ctrl_c_in_a_function_of_sql_is_ctrl_c(tmp_path: Path) -> None:
    """SQLite says of every exception there that a function raised one; the transaction is undone."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    with Journal(tmp_path) as journal:
        fill(journal)
        journal.sql.create_function("interrupt", 0, interrupt)
        with pytest.raises(KeyboardInterrupt), journal.transaction():
            journal.sql.execute("DELETE FROM entry")
            journal.sql.execute("UPDATE submission SET notes = interrupt()")
        with pytest.raises(KeyboardInterrupt):
            journal.sql.executemany("UPDATE submission SET notes = interrupt() WHERE student = ?", [("ada",)])
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            journal.sql.execute("DELETE FROM missing")
        assert journal.sql.execute("SELECT COUNT(*) FROM entry").fetchone() == (1,)
        journal.sql.create_function("fail", 0, lambda: {}["x"])
        with pytest.raises(KeyError):
            journal.sql.execute("SELECT fail()")


def _die_in_the_middle(folder: Path) -> None:
    with Journal(folder) as journal:
        journal.add(1, 1, GRADED, 0.5, 7)
        with journal.transaction():
            journal.sql.execute("DELETE FROM record")
            os.kill(os.getpid(), signal.SIGKILL)


def test_a_kill_in_the_middle_leaves_what_was_acknowledged(tmp_path: Path) -> None:
    """After a kill the verdict is stored, the open transaction is not, and the next writer can open the journal."""
    with Journal(tmp_path) as journal:
        fill(journal)
        suite(journal)
    process = multiprocessing.get_context("spawn").Process(target=_die_in_the_middle, args=(tmp_path,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    with Journal(tmp_path):
        assert records(tmp_path) == [("failed", 5.5)]


def test_one_writes_at_a_time(tmp_path: Path) -> None:
    """A second writer is a usage error until the first has closed the journal."""
    with Journal(tmp_path), pytest.raises(UsageError, match="is being written by another autograder"):
        Journal(tmp_path)
    Journal(tmp_path).close()


def test_a_file_that_is_no_journal_is_left_alone(tmp_path: Path) -> None:
    """The error names the repair."""
    (tmp_path / NAME).write_bytes(b"not a database, but something dear to somebody" * 50)
    before = (tmp_path / NAME).read_bytes()
    with pytest.raises(UsageError, match=r"is no journal: .* Write the results to another folder."):
        Journal(tmp_path)
    assert (tmp_path / NAME).read_bytes() == before


def test_a_journal_of_another_version_is_left_alone(tmp_path: Path) -> None:
    """The error names both versions."""
    with Journal(tmp_path) as journal:
        journal.sql.execute("PRAGMA user_version = 99")
    with pytest.raises(UsageError, match="has version 99, and this engine writes 6"):
        Journal(tmp_path)


def test_a_new_submission_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    """A new submission replaces all entries; the old text stays for its verdicts."""
    with Journal(tmp_path) as journal:
        first, second = fill(journal, "x = 1"), fill(journal, "x = 2", "other")
        assert first != second
        assert journal.sql.execute("SELECT COUNT(*), MAX(source) FROM entry").fetchone() == (1, second)
        assert journal.sql.execute("SELECT COUNT(*) FROM source").fetchone() == (2,)


def test_every_table_and_column_is_explained() -> None:
    """docs/journal.md explains every table and column."""
    text = (ROOT / "docs" / "journal.md").read_text(encoding="utf-8")
    tables = re.findall(r"CREATE (?:TABLE|VIEW) (\w+)", SCHEMA)
    columns = re.findall(r"^    (\w+) (?:INTEGER|TEXT|REAL)", SCHEMA, re.MULTILINE)
    assert len(tables) == 11 and len(columns) > 40
    assert [word for word in {*tables, *columns} if f"`{word}`" not in text] == []
