"""A Report and the course's Policy → the Mark that counts. Pure: the Report keeps the points that were earned."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from autograder.policy.policy import Late, Policy
from autograder.report import ExerciseReport, Finding, Report

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One exercise's part. score, max_score: after weight and penalty. late: days that have begun since it was due.

    penalty: percent taken off. followed: points for following one's own forward through, before the weight.
    """

    exercise: str
    unit: str
    score: float
    max_score: float
    late: int = 0
    penalty: float = 0.0
    followed: float = 0.0
    dropped: bool = False
    closed: bool = False
    broken: bool = False


@dataclass(frozen=True)
class Mark:
    """What one submission counts. score: None while an exercise is broken. notes: what a teacher should know."""

    student: str
    score: float | None
    max_score: float
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    @property
    def late(self) -> int:
        """The most days that any counted exercise is late."""
        return max((line.late for line in self.lines if not line.dropped), default=0)


def mark(report: Report, policy: Policy) -> Mark:
    """Follow-through, weight, lateness, then the weakest of each unit dropped: in this order."""
    lines = [_line(report, exercise, policy) for exercise in report.exercises]
    lines = _drop([line for line in lines if line.max_score], policy.drop)
    counted = [line for line in lines if not line.dropped]
    whole = not any(line.broken for line in counted)
    score = round(sum(line.score for line in counted), 6) if whole else None
    return Mark(report.submission, score, round(sum(line.max_score for line in counted), 6), tuple(lines),
                _notes(report, policy))  # fmt: skip


def follow_through(exercise: ExerciseReport, share: float) -> float:
    """Points for backwards that are the exact derivative of a forward that fails by a known mistake, and by no other.

    Without the known mistake there is nothing: a forward that returns x, with dout as its backward, is consistent too.
    """
    known = any(f.check == "values" and f.status == "failed" for f in exercise.findings) and all(
        f.mistake for f in exercise.findings if f.check == "values" and f.status == "failed"
    )
    follows = {f.function for f in exercise.findings if f.check == "consistency" and f.status == "passed"}
    if not known:
        return 0.0
    return round(sum(share * f.max_score for f in exercise.findings if _is_lost(f) and f.function in follows), 6)


def _is_lost(finding: Finding) -> bool:
    return finding.check == "gradient" and finding.status == "failed"


def _line(report: Report, exercise: ExerciseReport, policy: Policy) -> Line:
    weight = policy.weight(exercise.unit, exercise.name)
    followed = follow_through(exercise, policy.follow_through) if policy.follow_through else 0.0
    earned, most = (exercise.score + followed) * weight, exercise.max_score * weight
    late, closed = _lateness(report.submitted_at, policy, report.submission, exercise)
    off = min(policy.late.cap, late * policy.late.per_day)
    base = earned if policy.late.of == "score" else most
    score = 0.0 if closed else max(0.0, earned - base * off / 100)
    return Line(
        exercise.name, exercise.unit, round(score, 6), round(most, 6), late, 100.0 if closed else off, followed,
        closed=closed, broken=exercise.status == "broken",
    )  # fmt: skip


def _lateness(submitted: str | None, policy: Policy, student: str, exercise: ExerciseReport) -> tuple[int, bool]:
    due = policy.due_at(student, exercise.unit, exercise.name)
    if due is None or submitted is None:
        return 0, False
    over = datetime.fromisoformat(submitted) - due
    return _days(over, policy.late), policy.late.closes is not None and over > policy.late.closes


def _days(over: timedelta, late: Late) -> int:
    """Days that have begun since the due date; none within the grace."""
    return math.ceil(over / _DAY) if over > late.grace else 0


def _drop(lines: list[Line], most: int) -> list[Line]:
    """The weakest of each unit marked; one at least stays, and what is broken is not known to be weak."""
    units = defaultdict(list)
    for line in lines:
        units[line.unit].append(line)
    weak = {line.exercise for unit in units.values() for line in _weakest(unit, min(most, len(unit) - 1))}
    return [replace(line, dropped=line.exercise in weak) for line in lines]


def _weakest(unit: Iterable[Line], count: int) -> list[Line]:
    known = [line for line in unit if not line.broken]
    return sorted(known, key=lambda line: (line.score / line.max_score, -line.max_score))[:count]


def _notes(report: Report, policy: Policy) -> tuple[str, ...]:
    if not policy.due:
        return ()
    if report.submitted_at is None:
        return ("when it was handed in is unknown, so it was not counted as late",)
    if report.clock in ("file", "archive"):
        return ("the time is that of its files, which copying may change",)
    return ()
