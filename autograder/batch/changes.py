"""Whose grade would be another one under the terms of today, by how much, and why."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.batch.journal import Journal
from autograder.batch.standings import COMPARED, MOVED
from autograder.errors import UsageError


@dataclass(frozen=True)
class Standing:
    """A grade: status, points, and the most that could be had."""

    status: str
    score: float
    max_score: float


@dataclass(frozen=True)
class GradeChange:
    """One student's grade in one exercise. findings: which verdicts differ; causes: what changed since, such as files
    of the course."""

    student: str
    exercise: str
    before: Standing
    after: Standing
    findings: tuple[str, ...]
    causes: tuple[str, ...]

    @property
    def by(self) -> float:
        """Points won or lost."""
        return round(self.after.score - self.before.score, 6)


@dataclass(frozen=True)
class LastRun:
    """How the class was graded last. key: the code of the course's key."""

    exercises: tuple[str, ...]
    skip: frozenset[str]
    tier: str
    key: str


def last_run(journal: Journal) -> LastRun:
    """UsageError where nothing was graded yet."""
    words = "SELECT exercises, skip, tier, key FROM run WHERE command = 'grade' ORDER BY id DESC LIMIT 1"
    row = journal.sql.execute(words).fetchone()
    if row is None:
        raise UsageError(f"{journal.path} holds no grades. `handgrad grade` makes some.")
    exercises, skip, tier, key = row
    return LastRun(tuple(json.loads(exercises)), frozenset(json.loads(skip)), tier, key)


def changes(journal: Journal) -> Iterator[GradeChange]:
    """Every grade of the chosen students whose status or points would differ, by student."""
    cursor = journal.sql.cursor()
    cursor.row_factory = sqlite3.Row
    for row in cursor.execute(_MOVES):
        before = Standing(row["status_before"], row["score_before"], row["max_before"])
        after = Standing(row["status"], row["score"], row["max_score"])
        old, new = _findings(row["report_before"]), _findings(row["report"])
        yield GradeChange(row["student"], row["exercise"], before, after, _differences(old, new), _causes(row))


def _findings(report: str | None) -> dict[str, Mapping[str, Any]]:
    """What was asked → the answer."""
    found = json.loads(report)["findings"] if report else []
    return {" ".join(filter(None, (f["check"], f["function"], f["output"]))): f for f in found}


def _differences(old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(
        f"{what}: {_points(old.get(what))} → {_points(new.get(what))}"
        for what in dict.fromkeys((*old, *new))
        if _points(old.get(what)) != _points(new.get(what))
    )


def _points(finding: Mapping[str, Any] | None) -> str:
    if finding is None:
        return "not asked"
    points = f" {finding['score']:g}/{finding['max_score']:g}" if finding["max_score"] else ""
    return f"{finding['status']}{points}"


def _causes(row: sqlite3.Row) -> tuple[str, ...]:
    """What is not as it was when the grade was given that stands."""
    if row["source_before"] != row["source"]:
        return ("another answer",)
    old, new = (
        {**json.loads(row[f"parts{when}"] or "{}"), **json.loads(row[f"environment{when}"] or "{}")}
        for when in ("_before", "")
    )
    return tuple(sorted(name for name in {*old, *new} if old.get(name) != new.get(name)))


_MOVES = f"""
SELECT o.*, g.status AS status_before, g.score AS score_before, g.max_score AS max_before,
    r.report, r.source, s.parts, s.environment,
    b.report AS report_before, b.source AS source_before, t.parts AS parts_before, t.environment AS environment_before
{COMPARED}
    LEFT JOIN record AS r ON r.id = o.record LEFT JOIN suite AS s ON s.id = r.suite
    LEFT JOIN record AS b ON b.id = g.record LEFT JOIN suite AS t ON t.id = b.suite
WHERE {MOVED} ORDER BY o.student, o.position
"""
