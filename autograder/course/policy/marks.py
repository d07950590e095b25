"""Computing the marks of a report under the rules of course.toml."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta

from autograder.course.policy.policy import Adjustment, Late, Policy
from autograder.errors import CourseError
from autograder.render.page import points
from autograder.report.report import ExerciseReport, Mark, Report

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
    reasons = _reasons(exercises)
    why = (_earned(report, most), *reasons) if reasons else ()
    cost = round(sum(each.late_cost for each in counted), 6)
    by_hand = any(each.mark.by_hand for each in exercises if each.mark)
    return Mark(score, most, late, why, _notes(report, policy), cost, by_hand)


def _reasons(exercises: tuple[ExerciseReport, ...]) -> list[str]:
    """Return each reason once; if it does not hold for all exercises, with those it holds for."""
    names = defaultdict(list)
    for exercise in exercises:
        for reason in exercise.mark.why[1:] if exercise.mark else ():
            names[reason].append(exercise.name)
    words = {reason: ", ".join(of) if len(of) <= _NAMED else f"{len(of)} exercises" for reason, of in names.items()}
    return [reason if len(of) == len(exercises) else f"{reason} ({words[reason]})" for reason, of in names.items()]


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
    """Return exercise → the factor that gives its assignment the points that it counts, and the reason in words.

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
            reasons.append(f"due {_span(more)} later by an extension")
    why = (_earned(exercise, most), *reasons) if reasons else ()
    counts = None if exercise.status == "broken" else round(score, 6)
    marked = Mark(counts, most, days, why, late_cost=round(gained - score, 6))
    given = policy.adjustments.get((report.submission, exercise.name))
    return _adjusted(marked, given, exercise) if given else marked


def _adjusted(mark: Mark, given: Adjustment, exercise: ExerciseReport) -> Mark:
    """Return the mark as a person decided it, in place of what the rules gave."""
    if given.points is None:
        words, most = f"excused: {given.reason}", 0.0
    else:
        words, most = f"set to {points(given.points)} by hand: {given.reason}", mark.max_score
        if given.points > most + 1e-6:
            raise CourseError(f"{given.place}: {points(given.points)} points are above the maximum of {points(most)}.")
    return Mark(given.points or 0.0, most, mark.days_late, (_earned(exercise, most), words), by_hand=True)


def _after(days: int, rules: Late, closed: bool, gained: float, most: float) -> float:
    """Return the points that remain after the penalty for so many days. closed: nothing counts any more."""
    base = gained if rules.of == "score" else most
    return 0.0 if closed else max(0.0, gained - base * min(rules.cap, days * rules.per_day) / 100)


def _lateness(submitted: str | None, rules: Late, due: datetime | None) -> tuple[int, bool]:
    """Return the days begun since the due date, none within the grace, and whether nothing counts any more."""
    if due is None or submitted is None:
        return 0, False
    over = datetime.fromisoformat(submitted) - due
    days = math.ceil(over / _DAY) if over > rules.grace else 0
    return days, rules.closes is not None and over > rules.closes


def _span(time: timedelta) -> str:
    days, hours = time // _DAY, time % _DAY / timedelta(hours=1)
    parts = [_many(days, "day")] * (days > 0) + [_many(hours, "hour")] * (hours > 0)
    return " ".join(parts)


def _many(count: float, word: str) -> str:
    return f"{round(count, 2):g} {word}{'' if count == 1 else 's'}"


def _drop(exercises: list[ExerciseReport], most: int) -> list[ExerciseReport]:
    """Drop the weakest exercises of each unit; one at least stays, and a broken exercise is never dropped."""
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
    return [
        replace(each, mark=Mark(0.0, 0.0, 0, (_earned(each, 0.0), words))) if each.name in weak else each
        for each in exercises
    ]


def _notes(report: Report, policy: Policy) -> tuple[str, ...]:
    if not policy.due and not any(each.due for each in policy.assignments.values()):
        return ()
    if report.submitted_at is None:
        return ("when it was handed in is unknown, so it was not counted as late",)
    if report.clock in ("file", "archive"):
        return ("the time is that of its files, which copying may change",)
    return ()
