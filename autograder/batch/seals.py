"""Codes of a journal's rows and a seal on all of them together, which only the holder of the course's key can compute.

Triggers of the writer's own connection keep both in step, in the transaction that changes a row. A row that anything
else writes has a code that does not fit; rows that are removed, added or put back as they once were do not fit the
seal. An older copy of the whole file, put back in its place, does fit.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.report.escape import show

LABEL = b"handgrad/journal/3"
"""Separates this use of the course's key from others."""

TABLES = ("run", "submission", "source", "suite", "record", "entry", "grade", "similarity", "page")
_BITS = 2048  # bits of the sum of codes: with 256, other codes with an equal sum could be chosen among some thousand
_MOST = 5

Key = tuple[object, ...]


@dataclass(frozen=True)
class Flaws:
    """Result of comparing a journal with the codes of its rows and its seal: what does not fit."""

    rows: Mapping[str, tuple[Key, ...]] = field(default_factory=dict)
    """Table → primary keys of the rows with another code."""
    sentences: tuple[str, ...] = ()
    """Sentences on what does not fit; empty where everything is as the holder of the key wrote it."""


class Connection(sqlite3.Connection):
    """Connection that raises an exception of a registered function, such as KeyboardInterrupt, not SQLite's error."""

    raised: BaseException | None = None

    def create_function(self, name: str, narg: int, func: Callable[..., Any] | None, **facts: Any) -> None:
        """Register a function for use in statements."""

        def remembered(*args: Any) -> Any:
            try:
                return func(*args) if func else None
            except BaseException as error:
                self.raised = error
                raise

        super().create_function(name, narg, remembered, **facts)

    def execute(self, *args: Any) -> sqlite3.Cursor:
        """Execute a statement."""
        with self._own():
            return super().execute(*args)

    def executemany(self, *args: Any) -> sqlite3.Cursor:
        """Execute a statement for each row of parameters."""
        with self._own():
            return super().executemany(*args)

    @contextmanager
    def _own(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if str(error) != "user-defined function raised exception":
                raise
            raised, self.raised = self.raised, None
            raise raised or KeyboardInterrupt from None  # an exception here can only come from a signal


class Seals:
    """Computes and compares the codes, under the course's key, of the rows of a journal."""

    def __init__(self, sql: sqlite3.Connection, key: str) -> None:
        self._sql = sql
        self._own = _own_key(key)
        self._columns = {table: self._columns_of(table) for table in TABLES}

    def install(self) -> None:
        """Give every row that this connection writes its code, and keep the seal in step."""
        self._sql.create_function("code", -1, self._code, deterministic=True)
        self._sql.create_function("moved", 3, self._moved, deterministic=True)
        for table in TABLES:
            for statement in self._triggers(table):
                self._sql.execute(statement)

    def renew(self) -> None:
        """Write a new seal for the rows as they are now."""
        total = sum(_share(mac) for table in TABLES for (mac,) in self._sql.execute(f"SELECT mac FROM {table}"))
        self._sql.execute("UPDATE seal SET code = ?", (self._seal(total),))

    def flaws(self) -> Flaws:
        """Return what does not fit: compare every row with its code, and all rows together with the seal."""
        rows: dict[str, tuple[Key, ...]] = {}
        total, count = 0, 0
        for table in TABLES:
            keys, columns = self._columns[table]
            bad = []
            for row in self._sql.execute(f"SELECT {', '.join((*keys, *columns))}, mac FROM {table}"):
                count, total = count + 1, total + _share(row[-1])
                if not _equal(row[-1], self._code(table, *row[len(keys) : -1])):
                    bad.append(row[: len(keys)])
            rows |= {table: tuple(bad)} if bad else {}
        (seal,) = self._sql.execute("SELECT code FROM seal").fetchone() or ("",)
        if count and count == sum(map(len, rows.values())):
            return Flaws(rows, ("was written without this key: by another one, or by none",))
        words = tuple(self._named(rows))
        (health,) = self._sql.execute("PRAGMA integrity_check(1)").fetchone()
        if health != "ok":  # an index that lies about its table would choose other rows than those that were compared
            words = (*words, f"the file is damaged: {health}")
        if not _equal(seal, self._seal(total)) and (count or seal):
            words = (*words, "rows were removed, added or put back as they were earlier")
        return Flaws(rows, words)

    def _columns_of(self, table: str) -> tuple[list[str], list[str]]:
        """Return the columns of a table's primary key, and all its columns without the code."""
        found = self._sql.execute(f"PRAGMA table_info({table})").fetchall()
        return [row[1] for row in found if row[5]], [row[1] for row in found if row[1] != "mac"]

    def _triggers(self, table: str) -> Iterator[str]:
        keys, columns = self._columns[table]
        values = ", ".join(f"NEW.{name}" for name in columns)
        own = " AND ".join(f"{name} = NEW.{name}" for name in keys)
        renewed = f"BEGIN UPDATE {table} SET mac = code('{table}', {values}) WHERE {own}; END"
        yield f"CREATE TEMP TRIGGER seal_new_{table} AFTER INSERT ON {table} {renewed}"
        yield f"CREATE TEMP TRIGGER seal_changed_{table} AFTER UPDATE OF {', '.join(columns)} ON {table} {renewed}"
        for event, new in (("UPDATE OF mac", "NEW.mac"), ("DELETE", "''")):
            moved = f"BEGIN UPDATE seal SET code = moved(code, OLD.mac, {new}); END"
            yield f"CREATE TEMP TRIGGER seal_{event[:6]}_{table} AFTER {event} ON {table} {moved}"

    def _code(self, *values: object) -> str:
        """Return the code of a row. values: the name of the table, then the row's values."""
        return hmac.digest(self._own, repr(values).encode("utf-8", "surrogatepass"), "sha256").hex()

    def _seal(self, total: int) -> str:
        text = f"{total % (1 << _BITS):x}"
        return f"{text} {self._code('seal', text)}"

    def _moved(self, seal: str, old: str, new: str) -> str:
        """Return the seal after one row's code has changed; "" stands for no row."""
        return self._seal(int(seal.partition(" ")[0] or "0", 16) - _share(old) + _share(new))

    def _named(self, rows: Mapping[str, tuple[Key, ...]]) -> Iterator[str]:
        for table, keys in rows.items():
            more = f" and {len(keys) - _MOST} more" if len(keys) > _MOST else ""
            yield f"{table} {', '.join(self._name(table, key) for key in keys[:_MOST])}{more} changed"

    def _name(self, table: str, key: Key) -> str:
        """Return a name of a row for messages: its number, and the student and the exercise that it is about."""
        facts = {
            "grade": "SELECT student, exercise FROM grade WHERE id = ?",
            "record": "SELECT g.student, g.exercise FROM grade AS g WHERE g.record = ? ORDER BY g.student LIMIT 1",
            "source": "SELECT student, exercise FROM entry WHERE source = ? ORDER BY student LIMIT 1",
            "suite": "SELECT exercise FROM suite WHERE id = ?",
        }
        about = self._sql.execute(facts[table], key).fetchone() if table in facts else None
        words = f" ({', '.join(show(str(word)) for word in about)})" if about else ""
        return ("/".join(show(str(part)) for part in key) or "of the class") + words


def file_code(path: Path, key: str) -> str:
    """Return the code of a whole file; "" while a part of its contents lies in SQLite's files beside it."""
    beside = [path.with_name(f"{path.name}-{kind}") for kind in ("wal", "journal")]
    if any(each.exists() and each.stat().st_size for each in beside):
        return ""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    return hmac.digest(_own_key(key), b"file" + digest, "sha256").hex()


def code_path(path: Path) -> Path:
    """Return the path of the file that holds the code of the whole file at `path`."""
    return path.with_name(f"{path.name}.code")


def is_whole(path: Path, key: str) -> bool:
    """Return whether a file is byte for byte what the holder of the key left."""
    try:
        code = code_path(path).read_text(encoding="ascii")
        return bool(code) and hmac.compare_digest(code, file_code(path, key))
    except (OSError, ValueError, TypeError):
        return False


def _own_key(key: str) -> bytes:
    return hmac.digest(key.encode(), LABEL, "sha256")


def _share(mac: object) -> int:
    """Return the number that a row's code adds to the sum that the seal covers."""
    return int.from_bytes(hashlib.shake_256(str(mac).encode("utf-8", "surrogatepass")).digest(_BITS // 8)) if mac else 0


def _equal(found: object, right: str) -> bool:
    return hmac.compare_digest(str(found).encode("utf-8", "surrogatepass"), right.encode())
