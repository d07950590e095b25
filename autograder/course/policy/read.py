"""Reading course.toml into a Policy. Errors name the line, what was found and expected, and the nearest known key."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from autograder.course.policy import values
from autograder.course.policy.lines import line_of
from autograder.course.policy.policy import EVERYTHING, Late, Policy
from autograder.errors import CourseError

Value = TypeVar("Value")

_TABLES = ("title", "weights", "due", "late", "drop", "follow_through", "extensions", "key")
_LATE = ("grace", "per_day", "cap", "closes", "of")


def read_policy(root: Path, names: Collection[str], units: Collection[str]) -> Policy:
    """Read root/course.toml; without the file return the default policy.

    names, units: the known exercises and units. CourseError for invalid content.
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
    return _Reader(path, text, frozenset({*names, *units, EVERYTHING})).policy(content)


@dataclass(frozen=True)
class _Reader:
    path: Path
    text: str
    words: frozenset[str]

    def policy(self, content: Mapping[str, Any]) -> Policy:
        self._know(content, _TABLES, ())
        return Policy(
            title=self._get(content, ("title",), values.text, ""),
            weights=self._named(content, ("weights",), values.factor, self.words - {EVERYTHING}),
            due=self._named(content, ("due",), values.moment, self.words),
            late=self._late(self._table(content, "late")),
            drop=self._get(self._table(content, "drop"), ("drop", "lowest"), values.count, 0),
            follow_through=self._get(
                self._table(content, "follow_through"), ("follow_through", "share"), values.share, 0.0
            ),
            extensions=self._extensions(self._table(content, "extensions")),
            key_env=self._get(self._table(content, "key"), ("key", "env"), values.variable, "HANDGRAD_KEY"),
            key_file=self._key_file(self._table(content, "key")),
        )

    def _late(self, table: Mapping[str, Any]) -> Late:
        self._know(table, _LATE, ("late",))
        plain = Late()
        return Late(
            grace=self._get(table, ("late", "grace"), values.span, plain.grace),
            per_day=self._get(table, ("late", "per_day"), values.percent, plain.per_day),
            cap=self._get(table, ("late", "cap"), values.percent, plain.cap),
            closes=self._get(table, ("late", "closes"), values.span, plain.closes),
            of=self._get(table, ("late", "of"), values.base, plain.of),
        )

    def _extensions(self, table: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Read extensions: `alice = "2 days"` for all exercises, `bob = { conv2d = "1 week" }` for those named."""
        spread = {student: more if isinstance(more, dict) else {EVERYTHING: more} for student, more in table.items()}
        return {
            student: {
                name: self._as(("extensions", student, name), value, values.span)
                for name, value in self._know(more, self.words, ("extensions", student)).items()
            }
            for student, more in spread.items()
        }

    def _key_file(self, table: Mapping[str, Any]) -> Path | None:
        self._know(table, ("env", "file"), ("key",))
        name = self._get(table, ("key", "file"), values.text, "")
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
                near = difflib.get_close_matches(name, words, n=1, cutoff=0.5)
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
            raise self._error(path, f"{path[-1]} is {values.quote(value)}, expected {error}.") from error

    def _error(self, path: tuple[str, ...], sentence: str) -> CourseError:
        line = line_of(self.text, path)
        place = f"{self.path}, line {line}" if line else f"{self.path}"
        return CourseError(f"{place}: {sentence}")
