"""The dataclasses of a course's rules. Without a course.toml all points count unchanged, and nothing is late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, TypeVar

from autograder.errors import CourseError

_Rule = TypeVar("_Rule")

EVERYTHING = "default"
"""The key that stands for all units and exercises."""

Spans = Mapping[str, timedelta]


@dataclass(frozen=True)
class Late:
    """The penalty for lateness."""

    grace: timedelta = timedelta()
    """Time after the due date that is not late; beyond it days count from the due date."""
    per_day: float = 0.0
    """Percent taken off for each day that has begun."""
    cap: float = 100.0
    """The most percent taken off."""
    closes: timedelta | None = None
    """Time after the due date from which nothing counts; None: never."""
    of: Literal["score", "max"] = "score"
    """Take percent of the score, or of the maximum."""


@dataclass(frozen=True)
class Policy:
    """The rules of a course."""

    title: str = ""
    """Title of the course."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """Unit or exercise → factor; both are multiplied."""
    due: Mapping[str, datetime] = field(default_factory=dict)
    """Unit, exercise or "default" → due date."""
    late: Late = Late()
    """The penalty for lateness."""
    drop: int = 0
    """Number of the weakest exercises of each unit that do not count."""
    follow_through: float = 0.0
    """Share of a backward's points for the exact derivative of a forward with a known mistake."""
    extensions: Mapping[str, Spans] = field(default_factory=dict)
    """Student → unit, exercise or "default" → time by which the due date is later."""
    key_env: str = "HANDGRAD_KEY"
    """Environment variable that holds the course's key."""
    key_file: Path | None = None
    """File that holds the key if the variable is not set."""

    @property
    def keyless(self) -> str:
        """Return what it means to grade without a key, with the repair."""
        words = "no key: hidden inputs can be computed by anybody who has the course, and no result bears a code"
        return f'{words}. Set {self.key_env} to a long random text, or name its file in course.toml: [key] file = "…".'

    def key(self, environment: Mapping[str, str]) -> str:
        """Return the course's key from the environment, else from the file, else "". CourseError: unreadable file."""
        if self.key_env in environment or self.key_file is None:
            return environment.get(self.key_env, "")
        try:
            return self.key_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise CourseError(f"the key {self.key_file} cannot be read: {error}. Or set {self.key_env}.") from error

    def weight(self, unit: str, name: str) -> float:
        """Return the factor of an exercise's points."""
        return self.weights.get(unit, 1.0) * self.weights.get(name, 1.0)

    def due_at(self, student: str, unit: str, name: str) -> datetime | None:
        """Return the due date of this student's answer, with extension; None if there is none."""
        due = _nearest(self.due, unit, name)
        return due and due + self.extension(student, unit, name)

    def extension(self, student: str, unit: str, name: str) -> timedelta:
        """Return the student's extension for an exercise, 0 without one."""
        return _nearest(self.extensions.get(student, {}), unit, name) or timedelta()


def _nearest(rules: Mapping[str, _Rule], unit: str, name: str) -> _Rule | None:
    """Return the exercise's rule, else its unit's, else the default; None without any."""
    return next((rules[key] for key in (name, unit, EVERYTHING) if key in rules), None)
