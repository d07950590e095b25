"""Comparison of the standing grades with those that the current course and terms give."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.batch.journal import Journal
from autograder.batch.standings import CHANGED, COMPARED
from autograder.errors import UsageError


@dataclass(frozen=True)
class Standing:
    """One grade."""

    status: str
    score: float
    max_score: float
    """Maximum score."""


@dataclass(frozen=True)
class GradeChange:
    """Change of one student's grade in one exercise."""

    student: str
    exercise: str
    before: Standing
    after: Standing
    findings: tuple[str, ...]
    """Verdicts that differ, as sentences."""
    causes: tuple[str, ...]
    """Names of what has changed since, such as files of the course."""

    @property
    def by(self) -> float:
        """Return the change of the score."""
        return round(self.after.score - self.before.score, 6)


@dataclass(frozen=True)
class LastRun:
    """Options of the last run of `handgrad grade`."""

    exercises: tuple[str, ...]
    skip: frozenset[str]
    tier: str
    key: str
    """Code of the course's key."""


def last_run(journal: Journal) -> LastRun:
    """Read the options of the last run; UsageError where nothing is graded yet."""
    words = "SELECT exercises, skip, tier, key FROM run WHERE command = 'grade' ORDER BY id DESC LIMIT 1"
    row = journal.sql.execute(words).fetchone()
    if row is None:
        raise UsageError(f"{journal.path} holds no grades. `handgrad grade` makes some.")
    exercises, skip, tier, key = row
    return LastRun(tuple(json.loads(exercises)), frozenset(json.loads(skip)), tier, key)


def changes(journal: Journal) -> Iterator[GradeChange]:
    """Yield every grade of the chosen students whose status or points would change, by student."""
    cursor = journal.sql.cursor()
    cursor.row_factory = sqlite3.Row
    for row in cursor.execute(_CHANGES):
        before = Standing(row["status_before"], row["score_before"], row["max_before"])
        after = Standing(row["status"], row["score"], row["max_score"])
        old, new = _findings(row["report_before"]), _findings(row["report"])
        yield GradeChange(row["student"], row["exercise"], before, after, _differences(old, new), _causes(row))


def _findings(report: str | None) -> dict[str, Mapping[str, Any]]:
    """Return check, function and output → finding."""
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
    """Return the names of the parts and packages that differ from those of the standing grade."""
    if row["source_before"] != row["source"]:
        return ("another answer",)
    old, new = (
        {**json.loads(row[f"parts{when}"] or "{}"), **json.loads(row[f"environment{when}"] or "{}")}
        for when in ("_before", "")
    )
    return tuple(sorted(name for name in {*old, *new} if old.get(name) != new.get(name)))


_CHANGES = f"""
SELECT o.*, g.status AS status_before, g.score AS score_before, g.max_score AS max_before,
    r.report, r.source, s.parts, s.environment,
    b.report AS report_before, b.source AS source_before, t.parts AS parts_before, t.environment AS environment_before
{COMPARED}
    LEFT JOIN record AS r ON r.id = o.record LEFT JOIN suite AS s ON s.id = r.suite
    LEFT JOIN record AS b ON b.id = g.record LEFT JOIN suite AS t ON t.id = b.suite
WHERE {CHANGED} ORDER BY o.student, o.position
"""
