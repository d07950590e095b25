"""Reading course.toml into a Policy. Errors name the line, what was found and expected, and the nearest known key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from autograder.course.policy.policy import EVERYTHING, Assignment, Late, Policy
from autograder.errors import CourseError, nearest

Form = Callable[[Any], Any] | Mapping[str, Any]
"""Form of a value: a function that reads it, or raises ValueError with what it expects; or a table, key → form.
The key ANY stands for every name."""

ANY = "*"
_UNITS = {"min": 60, "minute": 60, "h": 3600, "hour": 3600, "d": 86400, "day": 86400, "w": 604800, "week": 604800}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)")
_MOST = 3650 * 86400
_NAME = re.compile(r"[A-Za-z0-9][\w-]*")
_PART = r"[\w-]+|\"[^\"]*\"|'[^']*'"
_NAMED = re.compile(rf"\s*(?P<table>\[)?\s*(?P<names>(?:{_PART})(?:\s*\.\s*(?:{_PART}))*)\s*(?(table)\]|=)")
"""Line with the name of a table or key."""


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
    return _Reader(path, text, units).policy(content)


@dataclass(frozen=True)
class _Reader:
    path: Path
    text: str
    units: Mapping[str, str]

    def policy(self, content: Mapping[str, Any]) -> Policy:
        names = {*self.units, *self.units.values()}
        found = self._read((), content, _forms(names))
        late, key, extensions = (found.get(word, {}) for word in ("late", "key", "extensions"))
        return Policy(
            title=found.get("title", ""), weights=found.get("weights", {}), due=found.get("due", {}),
            late=Late(**late), drop=found.get("drop", {}).get("lowest", 0),
            follow_through=found.get("follow_through", {}).get("share", 0.0),
            extensions={name: each if isinstance(each, dict) else {EVERYTHING: each}
                        for name, each in extensions.items()},
            key_env=key.get("env", "HANDGRAD_KEY"),
            key_file=self.path.parent / key["file"] if key.get("file") else None,
            assignments=self._assignments(found.get("assignments", {}), names),
            places={name: self._place(("extensions", name)) for name in extensions},
        )  # fmt: skip

    def _assignments(self, tables: Mapping[str, Any], names: set[str]) -> dict[str, Assignment]:
        """Return the assignments of `[assignments.ps1]` and the like; an exercise may be in one of them."""
        found: dict[str, Assignment] = {}
        for name, table in tables.items():
            path = ("assignments", name)
            if not _NAME.fullmatch(name) or name in names or name == EVERYTHING:
                words = f"{name} is no name of an assignment, or the name of an exercise or unit"
                raise self._error(path, f"{words}. Write a table such as [assignments.ps1].")
            wanted = table.pop("exercises", [])
            self._know(wanted, names, (*path, "exercises"))
            if not (own := tuple(each for each, unit in self.units.items() if each in wanted or unit in wanted)):
                words = 'exercises is missing. List exercises or units: exercises = ["relu", "03_losses"].'
                raise self._error(path, words)
            for other in found.values():
                for twice in sorted({*own} & {*other.exercises}):
                    words = f"{twice} is in {other.name} too. An exercise is in one assignment"
                    raise self._error((*path, "exercises"), f"{words}: take it out of the other.")
            if isinstance(table.get("closes"), datetime):
                if "due" not in table or table["closes"] < table["due"]:
                    words = "closes is a time, expected one after due of the same assignment."
                    raise self._error((*path, "closes"), words)
                table["closes"] -= table["due"]
            found[name] = Assignment(name, own, **table)
        return found

    def _read(self, path: tuple[str, ...], value: Any, form: Form) -> Any:
        """Return the value, or all values of a table, in the form that is expected."""
        if callable(form):
            try:
                return form(value)
            except ValueError as error:
                found = f'"{value}"' if isinstance(value, str) else value  # about as TOML writes it
                raise self._error(path, f"{path[-1]} is {found}, expected {error}.") from error
        if not isinstance(value, dict):
            if path[:1] == ("extensions",):  # of a student for all exercises
                return self._read(path, value, _span)
            words = f"{path[-1]} is {value!r}, expected a table. Write [{'.'.join(path)}] and its keys below it."
            raise self._error(path, words)
        self._know(() if ANY in form else value, form, path)
        return {name: self._read((*path, name), each, form.get(name) or form[ANY]) for name, each in value.items()}

    def _know(self, names: Sequence[str] | Mapping[str, Any], known: Any, path: tuple[str, ...]) -> None:
        """Raise CourseError if one of the names is not known, with the nearest known name."""
        for name in names:
            if name not in known:
                near = nearest(name, known, 1)
                guess = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(sorted(known)[:12])}."
                raise self._error((*path, name), f"nothing is called {name!r} here. {guess}")

    def _error(self, path: tuple[str, ...], sentence: str) -> CourseError:
        return CourseError(f"{self._place(path)}: {sentence}")

    def _place(self, path: tuple[str, ...]) -> str:
        line = line_of(self.text, path)
        return f"{self.path}, line {line}" if line else f"{self.path}"


def _forms(names: set[str]) -> dict[str, Form]:
    """Return the form of course.toml: key → form of its value. names: all exercises and units."""
    words = {*names, EVERYTHING}
    return {
        "title": _text,
        "weights": dict.fromkeys(names, _factor),
        "due": dict.fromkeys(words, _moment),
        "late": {"grace": _span, "per_day": _percent, "cap": _percent, "closes": _span, "of": _base},
        "drop": {"lowest": _count},
        "follow_through": {"share": _share},
        "extensions": {ANY: dict.fromkeys(words, _span)},
        "key": {"env": _variable, "file": _text},
        "assignments": {ANY: {
            "exercises": _names, "title": _text, "points": _factor, "due": _moment, "hints": _moment,
            "closes": lambda value: _moment(value) if isinstance(value, datetime) else _span(value),
        }},
    }  # fmt: skip


def _value(is_right: Callable[[Any], Any], wanted: str) -> Callable[[Any], Any]:
    """Return a reader that passes values for which `is_right` is true; ValueError with `wanted` for others."""

    def read(value: Any) -> Any:
        if not is_right(value):
            raise ValueError(wanted)
        return value

    return read


def _number(most: float, wanted: str) -> Callable[[Any], Any]:
    """Return a reader that passes numbers from 0 to `most`; ValueError with `wanted` for other values."""
    return _value(lambda value: type(value) in (int, float) and 0 <= value <= most, wanted)


_factor = _number(1e6, "a factor such as 1.5; 0 leaves it out")
_percent = _number(100, "percent from 0 to 100, such as 10")
_share = _number(1, "a share from 0 to 1, such as 0.5")
_count = _value(lambda value: type(value) is int and value >= 0, "a whole number such as 1")
_text = _value(lambda value: isinstance(value, str), 'a text such as "Deep learning by hand"')
_base = _value(lambda value: value in ("score", "max"), '"score" (of what was earned) or "max" (of what could be)')
_variable = _value(lambda value: isinstance(value, str) and re.fullmatch(r"[A-Za-z_]\w*", value),
                   'the name of an environment variable, such as "HANDGRAD_KEY"')  # fmt: skip
_names = _value(lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value),
                'a list of exercises and units, such as ["relu", "03_losses"]')  # fmt: skip


def _moment(value: Any) -> datetime:
    """Read a time, which must have an offset from UTC."""
    if not isinstance(value, datetime):
        day = f" on {value}" if isinstance(value, date) else ""
        raise ValueError(f"a time{day} with its offset from UTC, such as 2026-12-01T23:59:00+01:00")
    if value.tzinfo is None:
        raise ValueError(f"its offset from UTC too, such as {value.isoformat()}+01:00 or {value.isoformat()}Z")
    return value


def _span(value: Any) -> timedelta:
    """Read a length of time: one or more numbers with their units."""
    wanted = 'a length of time such as "15 min", "2 days" or "1 week"'
    text = value.lower() if isinstance(value, str) else ""
    parts = [(float(number), _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))) for number, unit in
             _SPAN.findall(text)]  # fmt: skip
    seconds = sum(number * unit for number, unit in parts if unit)
    if not parts or _SPAN.sub("", text).strip(" ,") or not all(unit for _, unit in parts):
        raise ValueError(wanted)
    if seconds > _MOST:
        raise ValueError(f"{wanted}, at most ten years")
    return timedelta(seconds=seconds)


def line_of(text: str, path: Sequence[str]) -> int | None:
    """Return the line of the key at `path`, else of its longest prefix that occurs; None if none occurs."""
    table: tuple[str, ...] = ()
    lines: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if found := _NAMED.match(line):
            names = tuple(part.strip("\"'") for part in re.findall(_PART, found["names"]))
            table = names if found["table"] else table
            lines.setdefault(names if found["table"] else (*table, *names), number)
    return next((lines[key] for n in range(len(path), 0, -1) if (key := tuple(path[:n])) in lines), None)
