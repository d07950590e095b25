"""Standing grades: their reports, the runs behind them, and what they would become under other terms."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import get_args

from autograder.batch.journal import NAME, Journal, from_record
from autograder.batch.worker import BatchTerms
from autograder.course.policy.policy import Policy, Student
from autograder.errors import UsageError
from autograder.grading.identity import similarity_code
from autograder.grading.pipeline import not_submitted, report, sum_up
from autograder.grading.replay import GradedRun, differences
from autograder.render.attention import ClassFacts
from autograder.report.engine import source_hash
from autograder.report.report import PENDING, ExerciseReport, Finding, Report
from autograder.sandbox.sandbox import Tier

_NEXT = "Not reached: the run ended before it. Run the same command again."


def report_of(journal: Journal, under: BatchTerms, student: str) -> Report:
    """Return the report of one student, from the standing grades in the journal."""
    cursor = journal.sql.cursor()
    cursor.row_factory = sqlite3.Row
    rows = cursor.execute(_STANDING, (student,)).fetchall()
    first = rows[0]
    at = datetime.fromisoformat(first["submitted_at"]) if first["submitted_at"] else None
    exercises = tuple(_exercise(under, row) for row in rows)
    tiers = {row["tier"] for row in rows if row["report"] is not None} or {under.batch.tier}
    tier, notes = max(tiers, key=get_args(Tier).index), tuple(json.loads(first["notes"]))
    return report(student, tier, exercises, notes, at, first["clock"])


def made_of(journal: Journal, under: BatchTerms, policy: Policy, known: ClassFacts) -> Iterator[tuple[str, str]]:
    """Yield each student with a grade, and a digest of all data that the student's report and pages are made from.

    It changes with the student's grades, notes and time, with the rules of the course, the person's own extension and
    adjustments, the exercises, the key, the engine and its libraries. Grades are never changed, so their ids will do.
    """
    everybody = replace(policy, extensions={}, adjustments={}, places={}, students=())
    suites = [(name, suite.sha256) for name, suite in under.suites.items()]
    shared = sha256(repr((everybody, suites, under.environment, source_hash(), version("jinja2"))).encode()).hexdigest()
    decided: dict[str, list[object]] = {}
    for (student, name), adjustment in policy.adjustments.items():
        decided.setdefault(student, []).append((name, adjustment))
    for row in journal.sql.execute(_GRADED):
        student = row[0]
        facts = (policy.extensions, decided, known.names, known.sections, known.graded)
        person = [each.get(student) for each in facts]
        yield student, sha256(f"{shared} {row} {person}".encode("utf-8", "surrogatepass")).hexdigest()


def facts(journal: Journal, students: Iterable[Student]) -> ClassFacts:
    """Return the facts for the class page: times and remarks in the journal, names and sections of these students."""
    listed = list(students)
    seconds = journal.sql.execute(
        "SELECT s.exercise, AVG(r.seconds) FROM record AS r JOIN suite AS s ON s.id = r.suite GROUP BY s.exercise"
    )
    graded = journal.sql.execute(
        "SELECT g.student, MAX(run.at) FROM grade AS g JOIN run ON run.id = g.run GROUP BY g.student"
    )
    remarks = journal.sql.execute("SELECT remarks FROM run WHERE command = 'grade' ORDER BY id DESC LIMIT 1").fetchone()
    return ClassFacts(
        {each.id: each.name for each in listed}, {each.id: each.section for each in listed},
        dict(graded), json.loads(remarks[0]) if remarks else [], dict(seconds),
    )  # fmt: skip


def source_text(journal: Journal, student: str, exercise: str) -> str:
    """Return the text that a student handed in for an exercise; "" without one."""
    words = "SELECT s.text FROM entry AS e JOIN source AS s ON s.id = e.source WHERE e.student = ? AND e.exercise = ?"
    row = journal.sql.execute(words, (student, exercise)).fetchone()
    return str(row[0]) if row else ""


def similarity_codes(journal: Journal, under: BatchTerms) -> dict[str, dict[str, str]]:
    """Return student → exercise → similarity code of the graded answer, for all answers that have one.

    The codes of programs that have none yet are computed from their texts and kept in the journal. Answers to planted
    bugs start from equal code and are not compared; a text that killed its reader (its identity is then the hash of the
    text) is not parsed here.
    """
    made_by = {
        name: f"{source_hash()} {under.environment['python']} {' '.join(each.name for each in exercise.functions)}"
        for name, exercise in under.exercises.items() if not exercise.planted
    }  # fmt: skip
    found = defaultdict[str, dict[str, str]](dict)
    with journal.transaction():
        for identity, name, source, known in journal.sql.execute(_PROGRAMS).fetchall():
            if name in made_by and known != made_by[name]:
                (text,) = journal.sql.execute("SELECT text FROM source WHERE id = ?", (source,)).fetchone()
                code = similarity_code(text, [function.name for function in under.exercises[name].functions])
                journal.sql.execute(_CODED, (identity, name, made_by[name], code))
        for student, name, code in journal.sql.execute(_SIMILAR):
            if name in made_by:
                found[student][name] = code
    return found


def post(journal: Journal) -> int:
    """Make the verdicts of this run the standing grades; return how many grades got another score or status.

    No grade is overwritten: earlier grades stay in the journal.
    """
    with journal.transaction():
        posted = journal.sql.execute(_POST).rowcount
        (changed,) = journal.sql.execute(_MOVED).fetchone() if posted else (0,)
    return int(changed)


def _exercise(under: BatchTerms, row: sqlite3.Row) -> ExerciseReport:
    exercise = under.exercises[row["exercise"]]
    if row["report"] is not None:
        return _report(row)
    if row["status"] in ("skipped", "error"):
        return not_submitted(exercise, row["refused"])
    return sum_up(exercise, (Finding(PENDING, "", "broken", message=_NEXT),))


def _report(row: sqlite3.Row) -> ExerciseReport:
    """Return the report in a row of a query, with the digest and the path of the student's own text."""
    return replace(from_record(row["report"])[0], source=row["submitted"], path=row["path"])


@dataclass(frozen=True)
class Standing:
    """Status and points of one grade."""

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
    assignment: str = ""
    """Name of the assignment, "" without one."""
    earlier: frozenset[str] = frozenset()
    """Exercises of all runs that skipped the same checks."""


def last_run(journal: Journal) -> LastRun:
    """Read the options of the last run; UsageError where nothing is graded yet."""
    words = "SELECT exercises, skip, tier, key, assignment FROM run WHERE command = 'grade' ORDER BY id DESC"
    rows = journal.sql.execute(words).fetchall()
    if not rows:
        raise UsageError(f"{journal.path} holds no grades. `handgrad grade` makes some.")
    exercises, skip, tier, key, _ = rows[0]
    earlier = frozenset(name for row in rows if row[1] == skip for name in json.loads(row[0]))
    assignment = next((row[4] for row in rows if row[4]), "")
    return LastRun(tuple(json.loads(exercises)), frozenset(json.loads(skip)), tier, key, assignment, earlier)


def changes(journal: Journal) -> Iterator[GradeChange]:
    """Yield each change of status or points that the run's verdicts would make in the chosen students' grades."""
    cursor = journal.sql.cursor()
    cursor.row_factory = sqlite3.Row
    for row in cursor.execute(_CHANGES):
        before = Standing(row["status_before"], row["score_before"], row["max_before"])
        after = Standing(row["status"], row["score"], row["max_score"])
        old, new = (from_record(text)[0] if text else None for text in (row["report_before"], row["report"]))
        moved = tuple(differences(old, new, wording=False))
        yield GradeChange(row["student"], row["exercise"], before, after, moved, _causes(row))


def _causes(row: sqlite3.Row) -> tuple[str, ...]:
    """Return the names of the parts and packages that differ from those of the standing grade."""
    if row["source_before"] != row["source"]:
        return ("another answer",)
    old, new = (
        {**json.loads(row[f"parts{when}"] or "{}"), **json.loads(row[f"environment{when}"] or "{}")}
        for when in ("_before", "")
    )
    return tuple(sorted(name for name in {*old, *new} if old.get(name) != new.get(name)))


def graded_runs(folder: Path, student: str) -> list[GradedRun]:
    """Read the runs behind this student's grades. UsageError: there is no journal, or the student is not in it."""
    path = folder / NAME
    if not path.is_file():
        repair = "Name the folder that `handgrad grade` wrote: a report alone holds no text, so it replays nothing"
        raise UsageError(f"{folder} holds no {NAME}. {repair}.")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as journal:
            journal.row_factory = sqlite3.Row
            known = [name for (name,) in journal.execute("SELECT student FROM submission ORDER BY student")]
            rows = journal.execute(_RUNS, (student,)).fetchall()
        if student not in known:
            raise UsageError(f"{path} knows no student {student}. The first is {min(known, default='nobody')}.")
        return [
            GradedRun(_report(row), row["text"], row["sha256"], from_record(row["report"])[1],
                      json.loads(row["parts"]), row["engine"], json.loads(row["environment"]))
            for row in rows
        ]  # fmt: skip
    except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} cannot be read: {error}. Grade into another folder.") from error


CHANGED = "g.id IS NOT NULL AND (g.status <> o.status OR g.score <> o.score OR g.max_score <> o.max_score)"
COMPARED = "FROM outcome AS o LEFT JOIN standing AS g ON g.student = o.student AND g.exercise = o.exercise"
_STANDING = """
SELECT s.notes, s.submitted_at, s.clock, a.exercise, g.status, g.submitted, g.path, g.refused, r.report, run.tier
FROM submission AS s CROSS JOIN asked AS a
    LEFT JOIN standing AS g ON g.student = s.student AND g.exercise = a.exercise
    LEFT JOIN record AS r ON r.id = g.record LEFT JOIN run ON run.id = g.run
WHERE s.student = ? ORDER BY a.position
"""
_GRADED = """
SELECT s.student, s.notes, s.submitted_at, s.clock, group_concat(a.exercise || ' ' || COALESCE(g.id, 'none'))
FROM submission AS s CROSS JOIN asked AS a LEFT JOIN standing AS g ON g.student = s.student AND g.exercise = a.exercise
WHERE s.present GROUP BY s.student
HAVING COUNT(g.id) >= CASE WHEN s.student IN (SELECT student FROM chosen) THEN 1 ELSE COUNT(*) END
ORDER BY s.student
"""
_GRADED_TEXTS = """
FROM standing AS g JOIN record AS r ON r.id = g.record JOIN source AS t ON t.id = r.source
    {} JOIN similarity AS s ON s.identity = t.identity AND s.exercise = g.exercise
WHERE r.status NOT IN ('skipped', 'broken') AND
"""
_PROGRAMS = f"""
SELECT t.identity, g.exercise, MIN(t.id), s.made_by {_GRADED_TEXTS.format("LEFT")} t.identity <> t.sha256
GROUP BY t.identity, g.exercise
"""
_SIMILAR = f"SELECT g.student, g.exercise, s.code {_GRADED_TEXTS.format('')} s.code IS NOT NULL"
_CODED = """
INSERT INTO similarity (identity, exercise, made_by, code) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET made_by = excluded.made_by, code = excluded.code
"""
_POST = f"""
INSERT INTO grade (student, exercise, record, status, score, max_score, submitted, path, refused, run)
SELECT o.student, o.exercise, o.record, o.status, o.score, o.max_score, o.submitted, o.path, o.refused,
    (SELECT MAX(id) FROM run)
{COMPARED}
WHERE g.id IS NULL OR {CHANGED} OR g.record IS NOT o.record OR g.submitted IS NOT o.submitted OR g.path IS NOT o.path
    OR g.refused IS NOT o.refused
"""
_MOVED = f"""
SELECT COUNT(*) FROM grade AS o JOIN grade AS g ON g.id = (
    SELECT MAX(id) FROM grade WHERE student = o.student AND exercise = o.exercise AND id < o.id
)
WHERE o.run = (SELECT MAX(id) FROM run) AND {CHANGED}
"""
_CHANGES = f"""
SELECT o.*, g.status AS status_before, g.score AS score_before, g.max_score AS max_before,
    r.report, r.source, s.parts, s.environment,
    b.report AS report_before, b.source AS source_before, t.parts AS parts_before, t.environment AS environment_before
{COMPARED}
    LEFT JOIN record AS r ON r.id = o.record LEFT JOIN suite AS s ON s.id = r.suite
    LEFT JOIN record AS b ON b.id = g.record LEFT JOIN suite AS t ON t.id = b.suite
WHERE {CHANGED} ORDER BY o.student, o.position
"""
_RUNS = """
SELECT r.report, g.submitted, g.path, t.text, t.sha256, s.parts, u.engine, s.environment
FROM standing AS g JOIN record AS r ON r.id = g.record JOIN source AS t ON t.id = r.source
    JOIN suite AS s ON s.id = r.suite JOIN run AS u ON u.id = g.run
WHERE g.student = ? AND r.status <> 'broken'
"""
