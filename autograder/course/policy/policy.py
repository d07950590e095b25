"""The rules of one course. Without a course.toml every point counts as it is, and nothing is ever late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, TypeVar

from autograder.errors import CourseError

_Rule = TypeVar("_Rule")

EVERYTHING = "default"
"""The word that stands for all units and exercises, where one may be named."""

Spans = Mapping[str, timedelta]


@dataclass(frozen=True)
class Late:
    """What lateness costs. per_day, cap: percent of the score, or of the maximum, for each day that has begun.

    grace: so much is never late; beyond it days count from the due date. closes: after so much nothing counts.
    """

    grace: timedelta = timedelta()
    per_day: float = 0.0
    cap: float = 100.0
    closes: timedelta | None = None
    of: Literal["score", "max"] = "score"


@dataclass(frozen=True)
class Policy:
    """weights: unit or exercise → factor, both multiplied. due: unit, exercise or "default" → the time it is due.

    drop: how many of a unit's exercises, the weakest, do not count. follow_through: share of a backward's points for
    being the exact derivative of a forward with a known mistake. extensions: student → unit, exercise or "default" →
    how much later. key_env, key_file: where the course's key is.
    """

    title: str = ""
    weights: Mapping[str, float] = field(default_factory=dict)
    due: Mapping[str, datetime] = field(default_factory=dict)
    late: Late = Late()
    drop: int = 0
    follow_through: float = 0.0
    extensions: Mapping[str, Spans] = field(default_factory=dict)
    key_env: str = "HANDGRAD_KEY"
    key_file: Path | None = None

    def key(self, environment: Mapping[str, str]) -> str:
        """The course's key, from the environment before the file; "" without either. CourseError: unreadable."""
        if self.key_env in environment or self.key_file is None:
            return environment.get(self.key_env, "")
        try:
            return self.key_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise CourseError(f"the key {self.key_file} cannot be read: {error}. Or set {self.key_env}.") from error

    def weight(self, unit: str, name: str) -> float:
        """The factor of an exercise's points."""
        return self.weights.get(unit, 1.0) * self.weights.get(name, 1.0)

    def due_at(self, student: str, unit: str, name: str) -> datetime | None:
        """When this student's answer is due; None where it never is."""
        due = _nearest(self.due, unit, name)
        return due and due + self.extension(student, unit, name)

    def extension(self, student: str, unit: str, name: str) -> timedelta:
        """How much later than everybody's this student's answer is due."""
        return _nearest(self.extensions.get(student, {}), unit, name) or timedelta()


def _nearest(rules: Mapping[str, _Rule], unit: str, name: str) -> _Rule | None:
    """The exercise's own rule, else its unit's, else the default."""
    return next((rules[key] for key in (name, unit, EVERYTHING) if key in rules), None)
