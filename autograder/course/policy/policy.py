"""A course's rules, and the marks of a report under them.

Without a course.toml all points count unchanged, and nothing is late.
"""

from __future__ import annotations

import math
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, TypeVar

from autograder.errors import CourseError, nearest
from autograder.render.page import points
from autograder.report.report import ExerciseReport, Mark, Report

_Rule = TypeVar("_Rule")

EVERYTHING = "default"
"""The key that stands for all units and exercises."""


@dataclass(frozen=True)
class Late:
    """The penalty for lateness."""

    grace: timedelta = timedelta()
    """Time after the due date that does not count as late; after it, days late are counted from the due date."""
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
    """Names of the exercises in the assignment."""
    title: str = ""
    """Title for students; "" without one."""
    points: float | None = None
    """Points that the assignment counts, divided in proportion; None: the sum of its exercises' points."""
    due: datetime | None = None
    """Due date of the assignment's exercises; None: that of [due]."""
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
        """Return a warning on what grading without a key means, with the repair."""
        words = "no key: hidden inputs can be computed by anybody who has the course, and no result bears a code"
        return f'{words}. Set {self.key_env} to a long random text, or name its file in course.toml: [key] file = "…".'

    def key(self, environment: Mapping[str, str] = os.environ) -> str:
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


def _nearest(rules: Mapping[str, _Rule], unit: str, name: str) -> _Rule | None:
    """Return the rule for an exercise, else that for its unit, else the default one; None if there is none of them."""
    return next((rules[key] for key in (name, unit, EVERYTHING) if key in rules), None)


_DAY = timedelta(days=1)
_NAMED = 3


def mark(report: Report, policy: Policy) -> Report:
    """Return the report with the marks of this policy, in place of its own.

    The rules apply in this order: follow-through, weight, the points of an assignment, lateness, a person's adjustment,
    then the weakest exercises of a unit are dropped. CourseError: an adjustment is above the maximum.
    """
    shares = _shares(report, policy)
    marked = [replace(each, mark=_marked(report, each, policy, shares.get(each.name))) for each in report.exercises]
    exercises = tuple(_drop(marked, policy.drop))
    return replace(report, exercises=exercises, mark=_whole(report, exercises, policy))


def _whole(report: Report, exercises: tuple[ExerciseReport, ...], policy: Policy) -> Mark:
    counted = [each.mark for each in exercises if each.mark and each.mark.max_score]
    scores = [each.score for each in counted if each.score is not None]
    score = round(sum(scores), 6) if len(scores) == len(counted) else None
    most = round(sum(each.max_score for each in counted), 6)
    late = max((each.days_late for each in counted), default=0)
    names = defaultdict(list)
    for exercise in exercises:
        for reason in exercise.mark.why[1:] if exercise.mark else ():
            names[reason].append(exercise.name)
    # Each reason is given once; if it does not hold for all exercises, with those it holds for.
    words = {reason: ", ".join(of) if len(of) <= _NAMED else f"{len(of)} exercises" for reason, of in names.items()}
    reasons = [each if len(of) == len(exercises) else f"{each} ({words[each]})" for each, of in names.items()]
    why = (_earned(report, most), *reasons) if reasons else ()
    cost = round(sum(each.late_cost for each in counted), 6)
    by_hand = any(each.mark.by_hand for each in exercises if each.mark)
    return Mark(score, most, late, why, _notes(report, policy), cost, by_hand)


def _earned(item: Report | ExerciseReport, most: float) -> str:
    return f"earned {points(item.score)}" + ("" if most == item.max_score else f"/{points(item.max_score)}")


def follow_through(exercise: ExerciseReport, share: float) -> float:
    """Return points for backwards that are the exact derivative of a forward that fails by known mistakes only.

    A known mistake is required, because a forward that returns x, with dout as its backward, is consistent too.
    """
    wrong = [f for f in exercise.findings if f.check == "values" and f.status == "failed"]
    lost = [f for f in exercise.findings if f.check == "gradient" and f.status == "failed"]
    follows = {f.function for f in exercise.findings if f.check == "consistency" and f.status == "passed"}
    if not wrong or not all(f.mistake for f in wrong):
        return 0.0
    return round(sum(share * f.max_score for f in lost if f.function in follows), 6)


def _shares(report: Report, policy: Policy) -> dict[str, tuple[float, str]]:
    """Return exercise → the factor that scales its assignment to the points in course.toml, and the reason in words.

    An assignment of which the report holds a part only has no factor.
    """
    most = {each.name: each.max_score * policy.weight(each.unit, each.name) for each in report.exercises}
    shares: dict[str, tuple[float, str]] = {}
    for each in policy.assignments.values():
        whole = sum(most.get(name, math.nan) for name in each.exercises)
        if each.points is not None and whole > 0 and each.points != whole:
            words = f"{each.title or each.name} counts {points(each.points)} points"
            shares |= dict.fromkeys(each.exercises, (each.points / whole, words))
    return shares


def _marked(report: Report, exercise: ExerciseReport, policy: Policy, share: tuple[float, str] | None) -> Mark:
    own, (factor, words) = policy.weight(exercise.unit, exercise.name), share or (1.0, "")
    weight = own * factor
    followed = follow_through(exercise, policy.follow_through) if policy.follow_through else 0.0
    gained, most = (exercise.score + followed) * weight, round(exercise.max_score * weight, 6)
    due = policy.due_at(report.submission, exercise.unit, exercise.name)
    more = policy.extension(report.submission, exercise.unit, exercise.name)
    rules = policy.lateness(exercise.name)
    days, closed = _lateness(report.submitted_at, rules, due)
    score = _after(days, rules, closed, gained, most)
    reasons = [f"{points(followed)} points for following a wrong forward through"] * (followed > 0)
    reasons += [f"weight {own:g}"] * (own != 1) + [words] * bool(words)
    if score < gained:
        of = " of the maximum" if rules.of == "max" and not closed else ""
        off = 100.0 if closed else min(rules.cap, days * rules.per_day)
        reasons.append(f"handed in {_many(days, 'day')} late: {off:g} %{of} off")
    if due:
        sooner, shut = _lateness(report.submitted_at, rules, due - more)
        if score > _after(sooner, rules, shut, gained, most):
            span, hours = more // _DAY, more % _DAY / timedelta(hours=1)
            later = [_many(span, "day")] * (span > 0) + [_many(hours, "hour")] * (hours > 0)
            reasons.append(f"due {' '.join(later)} later by an extension")
    why = (_earned(exercise, most), *reasons) if reasons else ()
    counts = None if exercise.status == "broken" else round(score, 6)
    marked = Mark(counts, most, days, why, late_cost=round(gained - score, 6))
    given = policy.adjustments.get((report.submission, exercise.name))
    return _adjusted(marked, given, exercise) if given else marked


def _adjusted(mark: Mark, given: Adjustment, exercise: ExerciseReport) -> Mark:
    """Return the mark that an adjustment gives in place of the mark of the rules."""
    if given.points is None:
        words, most = f"excused: {given.reason}", 0.0
    else:
        words, most = f"set to {points(given.points)} by hand: {given.reason}", mark.max_score
        if given.points > most + 1e-6:
            raise CourseError(f"{given.place}: {points(given.points)} points are above the maximum of {points(most)}.")
    return Mark(given.points or 0.0, most, mark.days_late, (_earned(exercise, most), words), by_hand=True)


def _after(days: int, rules: Late, closed: bool, gained: float, most: float) -> float:
    """Return the points that remain after the penalty for `days` days late. closed: it is too late for any points."""
    base = gained if rules.of == "score" else most
    return 0.0 if closed else max(0.0, gained - base * min(rules.cap, days * rules.per_day) / 100)


def _lateness(submitted: str | None, rules: Late, due: datetime | None) -> tuple[int, bool]:
    """Return the days begun since the due date, 0 within the grace, and whether it is too late for any points."""
    if due is None or submitted is None:
        return 0, False
    over = datetime.fromisoformat(submitted) - due
    return math.ceil(over / _DAY) if over > rules.grace else 0, rules.closes is not None and over > rules.closes


def _many(count: float, word: str) -> str:
    return f"{round(count, 2):g} {word}{'' if count == 1 else 's'}"


def _drop(exercises: list[ExerciseReport], most: int) -> list[ExerciseReport]:
    """Return the exercises, with the marks of the weakest `most` of each unit dropped; one of a unit always counts."""
    units = defaultdict(list)
    for exercise in exercises:
        if exercise.mark and exercise.mark.max_score:
            units[exercise.unit].append((exercise.name, exercise.mark))
    weak = set[str]()
    for unit in units.values():
        known = [(m.score / m.max_score, -m.max_score, place, name) for place, (name, m) in enumerate(unit)
                 if m.score is not None]  # fmt: skip
        weak |= {name for *_, name in sorted(known)[: min(most, len(unit) - 1)]}
    words = "dropped as the weakest of its unit"
    return [replace(each, mark=Mark(0.0, 0.0, 0, (_earned(each, 0.0), words))) if each.name in weak else each
            for each in exercises]  # fmt: skip


def _notes(report: Report, policy: Policy) -> tuple[str, ...]:
    if not policy.due and not any(each.due for each in policy.assignments.values()):
        return ()
    if report.submitted_at is None:
        return ("when it was handed in is unknown, so it was not counted as late",)
    if report.clock in ("file", "archive"):
        return ("the time is that of its files, which copying may change",)
    return ()
