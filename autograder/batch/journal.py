"""The journal of a batch: all submissions, verdicts and grades, in one SQLite file (docs/journal.md).

Only one process writes. It commits each verdict before it gives the worker the next job, so killing it at any moment
loses no verdict, and no reader sees a partial one.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import IO, Any

from autograder.batch.seals import Connection, Flaws, Seals, code_path, file_code, is_whole
from autograder.batch.worker import ReadResult
from autograder.errors import UsageError
from autograder.grading.grader import handed_in
from autograder.report.json import exercise_from_dict, exercise_to_dict
from autograder.report.report import ExerciseReport
from autograder.submission.source import Entry, Source

NAME = "journal.sqlite"
VERSION = 6
"""Version of the tables and views of a journal (docs/journal.md)."""
# Each statement in these files ends with a semicolon at the end of a line.
SCHEMA = Path(__file__).with_name("journal.sql").read_text(encoding="utf-8")
_WORKING = Path(__file__).with_name("run.sql").read_text(encoding="utf-8")
_LINE = re.compile(r'"line": \d|\blines? \d')


class Journal:
    """Context manager around RESULTS/journal.sqlite.

    key: the course's key; each row is stored with a code made with it. Without a key no change is detected. mend:
    function called with a sentence for each change made without the key; then a copy of the file is kept beside it,
    and all rows but the intact verdicts are removed, to be made again. Rows are compared one by one only if the code
    of the whole file, which is kept beside it, does not fit.

    UsageError: the file is in use, is no journal of this version, was changed and there is no `mend`, or was removed
    or replaced while it was written.
    """

    def __init__(self, folder: Path, key: str = "", mend: Callable[[str], None] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / NAME
        self._lock_file = _lock(folder / f"{NAME}.lock")
        with self.path.open("ab") as file:  # says why where it cannot be written, which SQLite does not
            self._place = os.fstat(file.fileno())
        self.sql = sqlite3.connect(self.path, isolation_level=None, factory=Connection)
        self._sealed = ""
        try:
            self._open()
            self._version = self._data_version()
            if key:
                self._seal(Seals(self.sql, key), mend, whole=is_whole(self.path, key))
                self._sealed = key
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        self.close()
        if kind is None:
            self.check_place()

    def check_place(self) -> None:
        """Raise UsageError if the file that is written is no longer the one at `path`."""
        with suppress(OSError):
            if os.path.samestat(os.stat(self.path), self._place):
                return
        words = "was removed or replaced during the run, and what was graded in it is lost"
        raise UsageError(f"{self.path} {words}. Run the same command again, and let RESULTS be.")

    def close(self) -> None:
        """Write the code of the whole file beside it, close the file and release the lock."""
        if self._sealed:
            with suppress(sqlite3.Error, OSError, UsageError):
                self.sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                code = file_code(self.path, self._sealed)
                self.check_place()
                if self._data_version() == self._version:  # nobody else has written it meanwhile
                    code_path(self.path).write_text(code, encoding="ascii")
        self.sql.close()
        if self._lock_file is not None:
            self._lock_file.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block as one transaction: all that it writes is committed, or nothing if it raises."""
        self.check_place()
        self.sql.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):
                self.sql.execute("ROLLBACK")
            raise
        self.sql.execute("COMMIT")

    def set_entries(self, entries: Iterable[Entry], missing: Iterable[str] = ()) -> None:
        """Replace the set of current submissions. missing: students of whom nothing was handed in."""
        words = "INSERT INTO submission (student, present, late) VALUES (?, 1, ?) ON CONFLICT DO UPDATE"
        words += " SET present = 1, late = excluded.late WHERE NOT present OR late <> excluded.late"
        late = {each.student: each.late for each in entries} | dict.fromkeys(missing, False)
        gone = [(student,) for student in self.students() if student not in late]
        with self.transaction():
            self.sql.executemany("UPDATE submission SET present = 0 WHERE student = ?", gone)
            self.sql.executemany(words, late.items())

    def students(self) -> list[str]:
        """Return the students with a current submission, sorted."""
        words = "SELECT student FROM submission WHERE present ORDER BY student"
        return [student for (student,) in self.sql.execute(words)]

    def store(self, student: str, read: ReadResult, names: Iterable[str], signature: str = "") -> None:
        """Replace the stored submission of a student to these exercises. signature: digest of its files, by which the
        next run sees that they are unchanged; "" if it must read them again."""
        found = read.submission
        at = found.submitted_at.astimezone(UTC).isoformat() if found.submitted_at else None
        with self.transaction():
            self.sql.execute(
                "UPDATE submission SET notes = ?, submitted_at = ?, clock = ?, signature = ? WHERE student = ?",
                (json.dumps(found.notes), at, found.clock, signature, student),
            )
            rows = [(student, name, *self._add_source(read, handed_in(found, name)), signature) for name in names]
            self.sql.executemany("DELETE FROM entry WHERE student = ? AND exercise = ?", (row[:2] for row in rows))
            self.sql.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, '')", rows)

    def add(self, source: int, suite: int, report: ExerciseReport, seconds: float, seed: int) -> None:
        """Commit one verdict. seed: the seed of its hidden inputs, which no report contains."""
        self.check_place()
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
        check_schema(self.sql, self.path)
        _run(self.sql, _WORKING)

    def _data_version(self) -> int:
        """Return SQLite's number that changes when another connection writes to the journal."""
        return int(self.sql.execute("PRAGMA data_version").fetchone()[0])

    def _seal(self, seals: Seals, mend: Callable[[str], None] | None, whole: bool) -> None:
        """Compare all rows with their codes unless the file is whole, and pass what does not fit to `mend`; give a code
        to each row that is written from now on."""
        flaws = Flaws() if whole else seals.flaws()
        if flaws.sentences and mend is None:
            repair = "`handgrad grade` gives these grades again; or set the key that it was written with"
            raise UsageError(f"{self.path}: {'; '.join(flaws.sentences)}. {repair}.")
        if flaws.sentences:
            assert mend is not None
            paths = (self.path.with_name(f"journal.changed.{number}.sqlite") for number in count(1))
            copy = next(path for path in paths if not path.exists())
            self.sql.execute("VACUUM INTO ?", (str(copy),))
            for sentence in flaws.sentences:
                mend(f"{self.path}: {sentence}.")
            mend(f"What does not fit the course's key is graded again; the file as it was is kept as {copy}.")
            self._keep_verdicts(flaws)
            with self.transaction():
                seals.renew()
        seals.install()

    def _keep_verdicts(self, flaws: Flaws) -> None:
        """Remove everything but the verdicts that fit their codes, with their sources and suites."""
        with self.transaction():
            for table in ("page", "similarity", "grade", "entry", "submission", "run"):
                self.sql.execute(f"DELETE FROM {table}")
            for table, column in (("record", "id"), ("source", "source"), ("suite", "suite")):
                for key in flaws.rows.get(table, ()):
                    self.sql.execute(f"DELETE FROM record WHERE {column} = ?", key)
                    self.sql.execute(f"DELETE FROM {table} WHERE id = ?", key)
            self.sql.execute("REINDEX")


def check_schema(sql: sqlite3.Connection, path: Path) -> None:
    """Raise UsageError if the tables, views and triggers of a journal are not those of this version."""
    words = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    with closing(sqlite3.connect(":memory:")) as right:
        _run(right, SCHEMA)
        if sql.execute(words).fetchall() != right.execute(words).fetchall():
            raise UsageError(f"{path} has other tables or views than a journal. Write the results to another folder.")


def changed_rows(path: Path, key: str) -> tuple[str, ...]:
    """Return a sentence for each row of a journal that was written without the key; UsageError if there is none."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as sql:
            check_schema(sql, path)
            return Seals(sql, key).flaws().sentences
    except sqlite3.Error as error:
        raise UsageError(f"{path} is no journal: {error}. Grade into another folder.") from error


def from_record(text: str) -> tuple[ExerciseReport, int]:
    """Return the verdict in a text that `Journal.add` wrote, and the seed of its hidden inputs."""
    record = json.loads(text)
    seed = int(record.pop("seed"))
    return exercise_from_dict(record), seed


def now() -> str:
    """Return the current UTC time, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _run(sql: sqlite3.Connection, script: str) -> None:
    """Execute statements inside the open transaction, which executescript would commit."""
    for statement in script.split(";\n"):
        sql.execute(statement)


def _lock(path: Path) -> IO[Any] | None:
    """Lock the journal for this process and return the lock's file; the kernel releases it when the process ends."""
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
