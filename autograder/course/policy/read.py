"""Reading course.toml into a Policy. Errors name the line, what was found and expected, and the nearest known key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from autograder.course.policy.policy import EVERYTHING, Assignment, Late, Policy, nearest
from autograder.errors import CourseError

Value = TypeVar("Value")

_TABLES = ("title", "weights", "due", "late", "drop", "follow_through", "extensions", "key", "assignments")
_ASSIGNMENT = ("exercises", "title", "points", "due", "closes", "hints")
_UNITS = {"min": 60, "minute": 60, "h": 3600, "hour": 3600, "d": 86400, "day": 86400, "w": 604800, "week": 604800}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)")
_MOST = 3650 * 86400
_NAME = re.compile(r"[A-Za-z0-9][\w-]*")
_HEADER = re.compile(r"^\s*\[([^\[\]]+)\]\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")


def read_policy(root: Path, units: Mapping[str, str]) -> Policy:
    """Read root/course.toml; without the file return the default policy.

    units: exercise → unit, of all known exercises. CourseError for invalid content.
    """
    path = root / "course.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Policy()
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}. Save it as UTF-8.") from error
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CourseError(f"{path} is no TOML: {error}.") from error
    return _Reader(path, text, units, frozenset({*units, *units.values(), EVERYTHING})).policy(content)


@dataclass(frozen=True)
class _Reader:
    path: Path
    text: str
    units: Mapping[str, str]
    words: frozenset[str]

    def policy(self, content: Mapping[str, Any]) -> Policy:
        self._know(content, _TABLES, ())
        return Policy(
            title=self._get(content, ("title",), _text, ""),
            weights=self._named(content, ("weights",), _factor, self.words - {EVERYTHING}),
            due=self._named(content, ("due",), _moment, self.words),
            late=self._late(self._table(content, "late")),
            drop=self._get(self._table(content, "drop"), ("drop", "lowest"), _count, 0),
            follow_through=self._get(self._table(content, "follow_through"), ("follow_through", "share"), _share, 0.0),
            extensions=self._extensions(self._table(content, "extensions")),
            key_env=self._get(self._table(content, "key"), ("key", "env"), _variable, "HANDGRAD_KEY"),
            key_file=self._key_file(self._table(content, "key")),
            assignments=self._assignments(self._table(content, "assignments")),
            places={name: self._place(("extensions", name)) for name in self._table(content, "extensions")},
        )

    def _assignments(self, tables: Mapping[str, Any]) -> dict[str, Assignment]:
        """Read `[assignments.ps1]` and the like; an exercise may be in one of them."""
        found: dict[str, Assignment] = {}
        for name, table in tables.items():
            path = ("assignments", name)
            if not isinstance(table, dict) or not _NAME.fullmatch(name) or name in self.words:
                words = f"{name} is no name of an assignment, or the name of an exercise or unit"
                raise self._error(path, f"{words}. Write a table such as [assignments.ps1].")
            self._know(table, _ASSIGNMENT, path)
            found[name] = each = self._assignment(path, table)
            for other in found.values():
                for twice in sorted({*each.exercises} & {*other.exercises} if other is not each else ()):
                    words = f"{twice} is in {other.name} too. An exercise is in one assignment"
                    raise self._error((*path, "exercises"), f"{words}: take it out of the other.")
        return found

    def _assignment(self, path: tuple[str, ...], table: Mapping[str, Any]) -> Assignment:
        words: list[str] = self._get(table, (*path, "exercises"), _names, [])
        self._know(dict.fromkeys(words), self.words - {EVERYTHING}, (*path, "exercises"))
        names = tuple(name for name, unit in self.units.items() if name in words or unit in words)
        if not names:
            raise self._error(path, 'exercises is missing. List exercises or units: exercises = ["relu", "03_losses"].')
        times = {key: self._get(table, (*path, key), _moment, None) for key in ("due", "hints")}
        closes = self._get(table, (*path, "closes"), _end, None)
        if isinstance(closes, datetime):
            if times["due"] is None or closes < times["due"]:
                raise self._error((*path, "closes"), "closes is a time, expected one after due of the same assignment.")
            closes -= times["due"]
        title = self._get(table, (*path, "title"), _text, "")
        points = self._get(table, (*path, "points"), _factor, None)
        return Assignment(path[-1], names, title, points, times["due"], closes, times["hints"])

    def _late(self, table: Mapping[str, Any]) -> Late:
        readers: dict[str, Callable[[Any], Any]] = {
            "grace": _span, "per_day": _percent, "cap": _percent, "closes": _span, "of": _base,
        }  # fmt: skip
        self._know(table, readers, ("late",))
        return Late(**{name: self._as(("late", name), value, readers[name]) for name, value in table.items()})

    def _extensions(self, table: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Read extensions: `alice = "2 days"` for all exercises, `bob = { conv2d = "1 week" }` for those named."""
        spread = {student: more if isinstance(more, dict) else {EVERYTHING: more} for student, more in table.items()}
        return {
            student: {
                name: self._as(("extensions", student, name), value, _span)
                for name, value in self._know(more, self.words, ("extensions", student)).items()
            }
            for student, more in spread.items()
        }

    def _key_file(self, table: Mapping[str, Any]) -> Path | None:
        self._know(table, ("env", "file"), ("key",))
        name = self._get(table, ("key", "file"), _text, "")
        return self.path.parent / name if name else None

    def _named(
        self, content: Mapping[str, Any], path: tuple[str, ...], read: Callable[[Any], Value], words: Collection[str]
    ) -> dict[str, Value]:
        table = self._know(self._table(content, path[0]), words, path)
        return {name: self._as((*path, name), value, read) for name, value in table.items()}

    def _table(self, content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        table = content.get(name, {})
        if not isinstance(table, dict):
            raise self._error((name,), f"{name} is {table!r}, expected a table. Write [{name}] and its keys below it.")
        if name == "drop":
            self._know(table, ("lowest",), (name,))
        if name == "follow_through":
            self._know(table, ("share",), (name,))
        return table

    def _know(self, table: Mapping[str, Any], words: Collection[str], path: tuple[str, ...]) -> Mapping[str, Any]:
        for name in table:
            if name not in words:
                near = nearest(name, words, 1)
                guess = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(sorted(words)[:12])}."
                raise self._error((*path, name), f"nothing is called {name!r} here. {guess}")
        return table

    def _get(
        self, table: Mapping[str, Any], path: tuple[str, ...], read: Callable[[Any], Value], missing: Value
    ) -> Value:
        return self._as(path, table[path[-1]], read) if path[-1] in table else missing

    def _as(self, path: tuple[str, ...], value: Any, read: Callable[[Any], Value]) -> Value:
        try:
            return read(value)
        except ValueError as error:
            found = f'"{value}"' if isinstance(value, str) else value  # about as TOML writes it
            raise self._error(path, f"{path[-1]} is {found}, expected {error}.") from error

    def _error(self, path: tuple[str, ...], sentence: str) -> CourseError:
        return CourseError(f"{self._place(path)}: {sentence}")

    def _place(self, path: tuple[str, ...]) -> str:
        line = line_of(self.text, path)
        return f"{self.path}, line {line}" if line else f"{self.path}"


def _text(value: Any) -> str:
    """Read any text."""
    if not isinstance(value, str):
        raise ValueError('a text such as "Deep learning by hand"')
    return value


def _variable(value: Any) -> str:
    """Read the name of an environment variable."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z_]\w*", value):
        raise ValueError('the name of an environment variable, such as "HANDGRAD_KEY"')
    return value


def _count(value: Any) -> int:
    """Read a whole number, 0 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("a whole number such as 1")
    return value


def _base(value: Any) -> Literal["score", "max"]:
    """Read the base of a penalty, "score" or "max"."""
    if value not in ("score", "max"):
        raise ValueError('"score" (of what was earned) or "max" (of what could be)')
    return cast('Literal["score", "max"]', value)


def _moment(value: Any) -> datetime:
    """Read a time, which must have an offset from UTC."""
    if not isinstance(value, datetime):
        day = f" on {value}" if isinstance(value, date) else ""
        raise ValueError(f"a time{day} with its offset from UTC, such as 2026-12-01T23:59:00+01:00")
    if value.tzinfo is None:
        raise ValueError(f"its offset from UTC too, such as {value.isoformat()}+01:00 or {value.isoformat()}Z")
    return value


def _end(value: Any) -> timedelta | datetime:
    """Read the end of an assignment: a length of time after its due date, or a time."""
    return _moment(value) if isinstance(value, datetime) else _span(value)


def _names(value: Any) -> list[Any]:
    """Read a list of names."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError('a list of exercises and units, such as ["relu", "03_losses"]')
    return value


def _span(value: Any) -> timedelta:
    """Read a length of time: one or more numbers with their units."""
    wanted = 'a length of time such as "15 min", "2 days" or "1 week"'
    if not isinstance(value, str):
        raise ValueError(wanted)
    parts = _SPAN.findall(value.lower())
    if not parts or _SPAN.sub("", value.lower()).strip(" ,"):
        raise ValueError(wanted)
    seconds = 0.0
    for number, unit in parts:
        known = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))
        if known is None:
            raise ValueError(wanted)
        seconds += float(number) * known
    if seconds > _MOST:
        raise ValueError(f"{wanted}, at most ten years")
    return timedelta(seconds=seconds)


def _number(value: Any, most: float, wanted: str) -> float:
    """Read a number from 0 to `most`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise ValueError(wanted)
    return float(value)


_factor = partial(_number, most=1e6, wanted="a factor such as 1.5; 0 leaves it out")
_percent = partial(_number, most=100, wanted="percent from 0 to 100, such as 10")
_share = partial(_number, most=1, wanted="a share from 0 to 1, such as 0.5")


def line_of(text: str, path: Sequence[str]) -> int | None:
    """Return the line of the key at `path`, else of its longest prefix that occurs; None if none occurs."""
    wanted = tuple(path)
    found = dict(reversed(list(_keys(text))))
    return next((found[wanted[:n]] for n in range(len(wanted), 0, -1) if wanted[:n] in found), None)


def _keys(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = _split(header[1])
            yield table, number
        elif key:
            yield (*table, *_split(key[1])), number


def _split(dotted: str) -> tuple[str, ...]:
    """Split a dotted key by TOML's rules: `units."02_layers"` → ("units", "02_layers")."""
    try:
        node = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    path: list[str] = []
    while isinstance(node, dict):
        key, node = next(iter(node.items()))
        path.append(key)
    return tuple(path)
