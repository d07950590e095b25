"""Reports of the standing grades, read from the journal one student at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import get_args

from autograder.batch.graded_runs import from_record
from autograder.batch.journal import Journal
from autograder.batch.plan import BatchTerms
from autograder.grading.grader import not_handed_in
from autograder.grading.pipeline import not_submitted, report
from autograder.report.report import ExerciseReport, Report
from autograder.sandbox.sandbox import Tier

PENDING = "Not graded yet. Run the same command again."


def reports(journal: Journal, under: BatchTerms) -> Iterator[Report]:
    """Yield a Report for each student, by name, with the standing grades of the asked exercises, from any run.

    A chosen student needs a grade in one of them, any other student a grade in all of them. A missing grade is
    "broken", never a zero.
    """
    cursor = journal.sql.cursor()
    cursor.row_factory = sqlite3.Row
    for student, group in groupby(cursor.execute(_STANDING), key=lambda row: str(row["student"])):
        rows = list(group)
        graded = [row["status"] is not None for row in rows]
        if any(graded) if rows[0]["chosen"] else all(graded):
            yield _report(under, student, rows)


def mean_seconds(journal: Journal) -> dict[str, float]:
    """Return exercise → mean wall time of grading an answer, in seconds."""
    rows = journal.sql.execute(
        "SELECT s.exercise, AVG(r.seconds) FROM record AS r JOIN suite AS s ON s.id = r.suite GROUP BY s.exercise"
    )
    return {str(name): float(seconds) for name, seconds in rows}


def post(journal: Journal) -> int:
    """Let the verdicts of this run stand; return how many standing grades got another score or status.

    No grade is overwritten: earlier grades stay in the journal.
    """
    with journal.transaction():
        (changed,) = journal.sql.execute(f"SELECT COUNT(*) {COMPARED} WHERE {CHANGED}").fetchone()
        journal.sql.execute(_POST)
    return int(changed)


def _report(under: BatchTerms, student: str, rows: list[sqlite3.Row]) -> Report:
    first = rows[0]
    at = datetime.fromisoformat(first["submitted_at"]) if first["submitted_at"] else None
    exercises = tuple(_exercise(under, row) for row in rows)
    tiers = {row["tier"] for row in rows if row["report"] is not None} or {under.batch.tier}
    tier, notes = max(tiers, key=get_args(Tier).index), tuple(json.loads(first["notes"]))
    return report(student, tier, exercises, notes, at, first["clock"])


def _exercise(under: BatchTerms, row: sqlite3.Row) -> ExerciseReport:
    exercise = under.exercises[row["exercise"]]
    if row["report"] is not None:
        found, _ = from_record(row["report"])
        return replace(found, source=row["submitted"], path=row["path"])
    if row["status"] in ("skipped", "error"):
        return not_handed_in(exercise, row["refused"])
    return not_submitted(exercise, PENDING, "broken")


CHANGED = "g.id IS NOT NULL AND (g.status <> o.status OR g.score <> o.score OR g.max_score <> o.max_score)"
COMPARED = "FROM outcome AS o LEFT JOIN standing AS g ON g.student = o.student AND g.exercise = o.exercise"
_STANDING = """
SELECT s.student, s.notes, s.submitted_at, s.clock, a.exercise, g.status, g.submitted, g.path, g.refused, r.report,
    run.tier, s.student IN (SELECT student FROM chosen) AS chosen
FROM submission AS s CROSS JOIN asked AS a
    LEFT JOIN standing AS g ON g.student = s.student AND g.exercise = a.exercise
    LEFT JOIN record AS r ON r.id = g.record LEFT JOIN run ON run.id = g.run
WHERE s.present ORDER BY s.student, a.position
"""
_POST = f"""
INSERT INTO grade (student, exercise, record, status, score, max_score, submitted, path, refused, run)
SELECT o.student, o.exercise, o.record, o.status, o.score, o.max_score, o.submitted, o.path, o.refused,
    (SELECT MAX(id) FROM run)
{COMPARED}
WHERE g.id IS NULL OR {CHANGED} OR g.record IS NOT o.record OR g.submitted IS NOT o.submitted OR g.path IS NOT o.path
    OR g.refused IS NOT o.refused
"""
