"""The dataclasses of a course's rules. Without a course.toml all points count unchanged, and nothing is late."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, TypeVar

from autograder.errors import CourseError

_Rule = TypeVar("_Rule")

EVERYTHING = "default"
"""The key that stands for all units and exercises."""


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
class Assignment:
    """A named set of exercises, such as a problem set. An exercise is in one of them at most."""

    name: str
    """Name on the command line, such as ps1."""
    exercises: tuple[str, ...]
    """Names of its exercises."""
    title: str = ""
    """Title for students; "" without one."""
    points: float | None = None
    """Points that all its exercises count together, each in proportion; None: as many as they have."""
    due: datetime | None = None
    """Due date of its exercises; None: that of [due]."""
    closes: timedelta | None = None
    """Time after the due date from which nothing counts; None: that of [late]."""
    hints: datetime | None = None
    """Time from which students are shown hints; None: always."""


@dataclass(frozen=True)
class Student:
    """A line of students.csv. Texts are escaped; all but id may be ""."""

    id: str
    """Unique in the class; the student's name in all results."""
    name: str = ""
    """Name for people."""
    section: str = ""
    """Section, group or tutor."""
    login: str = ""
    """Name of the account on a platform."""
    repository: str = ""
    """Name of the repository or of its folder."""


@dataclass(frozen=True)
class Adjustment:
    """A person's decision on one exercise of one student, a line of adjustments.csv."""

    points: float | None
    """Points that count; None: the exercise is excused and counts neither way."""
    reason: str
    """The reason, which the student is shown."""
    place: str
    """File and line."""


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
    extensions: Mapping[str, Mapping[str, timedelta]] = field(default_factory=dict)
    """Student → unit, exercise or "default" → time by which the due date is later."""
    key_env: str = "HANDGRAD_KEY"
    """Environment variable that holds the course's key."""
    key_file: Path | None = None
    """File that holds the key if the variable is not set."""
    assignments: Mapping[str, Assignment] = field(default_factory=dict)
    """Name → assignment."""
    adjustments: Mapping[tuple[str, str], Adjustment] = field(default_factory=dict)
    """Student and exercise → adjustment."""
    places: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Student with an extension → file and line."""
    students: tuple[Student, ...] = field(default=(), compare=False)
    """The class in students.csv; empty without it. It changes no mark."""

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

    def assignment_of(self, name: str) -> Assignment | None:
        """Return the assignment that an exercise is in; None if it is in none."""
        return next((each for each in self.assignments.values() if name in each.exercises), None)

    def due_at(self, student: str, unit: str, name: str) -> datetime | None:
        """Return the due date of this student's answer, with extension; None if there is none.

        The exercise's own date in [due] counts before that of its assignment, and that before its unit's.
        """
        assigned = self.assignment_of(name)
        own = {name: assigned.due} if assigned and assigned.due else {}
        due = _nearest({**own, **self.due}, unit, name)
        return due and due + self.extension(student, unit, name)

    def lateness(self, name: str) -> Late:
        """Return the penalty for lateness of an exercise."""
        assigned = self.assignment_of(name)
        return replace(self.late, closes=assigned.closes) if assigned and assigned.closes else self.late

    def extension(self, student: str, unit: str, name: str) -> timedelta:
        """Return the student's extension for an exercise, 0 without one."""
        return _nearest(self.extensions.get(student, {}), unit, name) or timedelta()

    def check_students(self, students: Iterable[str]) -> None:
        """Raise CourseError if somebody with an extension or an adjustment is neither in `students` nor in the class.

        It names the file, the line and the nearest names.
        """
        known = {*students, *(each.id for each in self.students)}
        given = {student: each.place for (student, _), each in self.adjustments.items()}
        for student, place in {**given, **self.places}.items():
            if student not in known:
                near = ", ".join(nearest(student, known)) or "none"
                words = f"no student is called {student!r}; the nearest: {near}"
                raise CourseError(f"{place}: {words}. Write the name as in grades.csv, or add it to students.csv.")


def nearest(name: str, known: Iterable[str], most: int = 3, cutoff: float = 0.5) -> list[str]:
    """Return the known names that are most like `name`, whatever their case. cutoff: how like, 0 to 1."""
    folded = {each.casefold(): each for each in known}
    return [folded[each] for each in difflib.get_close_matches(name.casefold(), folded, n=most, cutoff=cutoff)]


def _nearest(rules: Mapping[str, _Rule], unit: str, name: str) -> _Rule | None:
    """Return the exercise's rule, else its unit's, else the default; None without any."""
    return next((rules[key] for key in (name, unit, EVERYTHING) if key in rules), None)
