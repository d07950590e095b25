"""The journal of a batch: all submissions, verdicts and grades, in one SQLite file (docs/journal.md).

Only one process writes. It commits each verdict before it gives the worker the next job, so killing it at any moment
loses no verdict, and no reader sees a partial one.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from autograder.batch.schema import SCHEMA, VERSION, WORKING
from autograder.batch.worker import ReadResult
from autograder.errors import UsageError
from autograder.grading.grader import handed_in
from autograder.report.json import exercise_to_dict
from autograder.report.report import ExerciseReport
from autograder.submission.entry import Entry
from autograder.submission.source import Source

NAME = "journal.sqlite"
_LINE = re.compile(r'"line": \d|\blines? \d')


class Journal:
    """Context manager around RESULTS/journal.sqlite. UsageError: it is in use, or is no journal of this version."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / NAME
        self._lock_file = _lock(folder / f"{NAME}.lock")
        self.sql = sqlite3.connect(self.path, isolation_level=None)
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and release the lock."""
        self.sql.close()
        if self._lock_file is not None:
            self._lock_file.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all that the block writes, or nothing if it raises."""
        self.sql.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):
                self.sql.execute("ROLLBACK")
            raise
        self.sql.execute("COMMIT")

    def set_entries(self, entries: Iterable[Entry]) -> None:
        """Replace the set of current submissions."""
        words = "INSERT INTO submission (student, present, late) VALUES (?, 1, ?)"
        words += " ON CONFLICT DO UPDATE SET present = 1, late = excluded.late"
        with self.transaction():
            self.sql.execute("UPDATE submission SET present = 0")
            self.sql.executemany(words, ((each.student, each.late) for each in entries))

    def students(self) -> list[str]:
        """Return the students with a current submission, sorted."""
        words = "SELECT student FROM submission WHERE present ORDER BY student"
        return [student for (student,) in self.sql.execute(words)]

    def store(self, student: str, read: ReadResult, names: Iterable[str]) -> None:
        """Replace what is stored of a student's submission to these exercises."""
        found = read.submission
        at = found.submitted_at.astimezone(UTC).isoformat() if found.submitted_at else None
        with self.transaction():
            self.sql.execute(
                "UPDATE submission SET notes = ?, submitted_at = ?, clock = ? WHERE student = ?",
                (json.dumps(found.notes), at, found.clock, student),
            )
            self.sql.execute("DELETE FROM entry WHERE student = ?", (student,))
            rows = [(student, name, *self._add_source(read, handed_in(found, name))) for name in names]
            self.sql.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", rows)

    def add(self, source: int, suite: int, report: ExerciseReport, seconds: float, seed: int) -> None:
        """Commit one verdict. seed: that of its hidden inputs, which no report contains."""
        record = exercise_to_dict(replace(report, source=None, path=None))
        text = json.dumps({**record, "seed": seed}, allow_nan=False)
        points = report.status, report.score, report.max_score
        self.sql.execute(
            "INSERT INTO record (source, suite, status, score, max_score, lines, seconds, at, report)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (source, suite, *points, bool(_LINE.search(text)), seconds, now(), text),
        )

    def _add_source(
        self, read: ReadResult, found: Source | str | None
    ) -> tuple[int | None, str | None, str | None, str | None]:
        """Store a text; return the columns source, submitted, path and refused of an entry."""
        if not isinstance(found, Source):
            return None, None, None, found
        digest = sha256(found.text.encode()).hexdigest()
        identity = read.identities.get(found.text, digest)
        self.sql.execute(
            "INSERT INTO source (sha256, identity, text) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (digest, identity, found.text),
        )
        (key,) = self.sql.execute("SELECT id FROM source WHERE sha256 = ?", (digest,)).fetchone()
        return key, found.sha256, found.origin, None

    def _open(self) -> None:
        try:
            self.sql.execute("PRAGMA journal_mode = WAL")
            self.sql.execute("PRAGMA synchronous = NORMAL")
            (found,) = self.sql.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise UsageError(f"{self.path} is no journal: {error}. Write the results to another folder.") from error
        if found == 0:
            with self.transaction():
                _run(self.sql, f"{SCHEMA}PRAGMA user_version = {VERSION};\n")
        elif found != VERSION:
            words = f"has version {found}, and this engine writes {VERSION}"
            raise UsageError(f"{self.path} {words}. Write the results to another folder.")
        _run(self.sql, WORKING)


def now() -> str:
    """Return the current UTC time, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _run(sql: sqlite3.Connection, script: str) -> None:
    """Execute statements inside the open transaction, which executescript would commit."""
    for statement in script.split(";\n"):
        sql.execute(statement)


def _lock(path: Path) -> IO[Any] | None:
    """Lock the journal for this process; the kernel releases the lock however the process ends."""
    try:
        import fcntl
    except ImportError:  # Windows, which has no sandbox for other people's code
        return None
    lock_file = path.open("w")
    try:
        fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock_file.close()
        words = f"{path.parent} is being written by another autograder. Wait for it, or write elsewhere."
        raise UsageError(words) from None
    return lock_file
