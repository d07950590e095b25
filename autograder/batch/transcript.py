"""From the journal to Reports, one student at a time: what stands now, and what would stand under other terms."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from autograder.batch.journal import Journal
from autograder.batch.kept import from_record
from autograder.batch.plan import Terms
from autograder.batch.submission import not_handed_in
from autograder.grade import not_submitted, report
from autograder.report import ExerciseReport, Report

PENDING = "Not graded yet. Run the same command again."


def reports(journal: Journal, under: Terms, chosen: bool = False) -> Iterator[Report]:
    """A Report for every submission there is, by student, with the grades that stand in the asked exercises.

    What has none is broken, never a zero. chosen: only those that the run is about.
    """
    cursor = journal.sql.cursor()
    cursor.row_factory = sqlite3.Row
    rows = cursor.execute(_STANDING.format(whose="JOIN chosen USING (student)" if chosen else ""))
    for student, group in groupby(rows, key=lambda row: str(row["student"])):
        yield _report(under, student, list(group))


def mean_seconds(journal: Journal) -> dict[str, float]:
    """Exercise → seconds of wall time that grading an answer to it took, on average."""
    rows = journal.sql.execute(
        "SELECT s.exercise, AVG(r.seconds) FROM record AS r JOIN suite AS s ON s.id = r.suite GROUP BY s.exercise"
    )
    return {str(name): float(seconds) for name, seconds in rows}


def post(journal: Journal) -> int:
    """Let what the run found stand; how many of the grades that stood before have another score or status now.

    Nothing is overwritten: a grade that stood stays in the journal below the one that stands.
    """
    with journal.together():
        (moved,) = journal.sql.execute(f"SELECT COUNT(*) {COMPARED} WHERE {MOVED}").fetchone()
        journal.sql.execute(_POST)
    return int(moved)


def _report(under: Terms, student: str, rows: list[sqlite3.Row]) -> Report:
    first = rows[0]
    at = datetime.fromisoformat(first["submitted_at"]) if first["submitted_at"] else None
    exercises = tuple(_exercise(under, row) for row in rows)
    return report(student, under.batch.tier, exercises, tuple(json.loads(first["notes"])), at, first["clock"])


def _exercise(under: Terms, row: sqlite3.Row) -> ExerciseReport:
    exercise = under.exercises[row["exercise"]]
    if row["report"] is not None:
        found, _ = from_record(row["report"])
        return replace(found, source=row["submitted"], path=row["path"])
    if row["status"] in ("skipped", "error"):
        return not_handed_in(exercise, row["refused"])
    return not_submitted(exercise, PENDING, "broken")


MOVED = "g.id IS NOT NULL AND (g.status <> o.status OR g.score <> o.score OR g.max_score <> o.max_score)"
COMPARED = "FROM outcome AS o LEFT JOIN standing AS g ON g.student = o.student AND g.exercise = o.exercise"
_STANDING = """
SELECT s.student, s.notes, s.submitted_at, s.clock, a.exercise, g.status, g.submitted, g.path, g.refused, r.report
FROM submission AS s {whose} CROSS JOIN asked AS a
    LEFT JOIN standing AS g ON g.student = s.student AND g.exercise = a.exercise
    LEFT JOIN record AS r ON r.id = g.record
WHERE s.present ORDER BY s.student, a.position
"""
_POST = f"""
INSERT INTO grade (student, exercise, record, status, score, max_score, submitted, path, refused, run)
SELECT o.student, o.exercise, o.record, o.status, o.score, o.max_score, o.submitted, o.path, o.refused,
    (SELECT MAX(id) FROM run)
{COMPARED}
WHERE g.id IS NULL OR {MOVED} OR g.record IS NOT o.record OR g.submitted IS NOT o.submitted OR g.path IS NOT o.path
    OR g.refused IS NOT o.refused
"""
