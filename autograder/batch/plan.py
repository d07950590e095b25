"""A run of a batch: read the entries, plan a job for each program without a verdict, and grade them.

The executor may be this machine's worker processes or a cluster; only this process writes the journal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from time import time_ns
from typing import Any, TypeVar

from autograder.batch.journal import Journal, now
from autograder.batch.worker import BatchTerms, Job, JobResult, ReadResult, grade, read, terms
from autograder.errors import GraderFault
from autograder.grading.grader import Answer
from autograder.grading.pipeline import broken, seed_of
from autograder.report.engine import VERSION, source_hash
from autograder.report.report import ExerciseReport
from autograder.submission.file import SLACK, signature
from autograder.submission.folder import read_submission
from autograder.submission.source import Entry

Item = TypeVar("Item")
_AT_ONCE = 200


@dataclass(frozen=True)
class BatchTally:
    """Counts of the chosen students' answers to the asked exercises."""

    answers: int
    """Number of answers."""
    programs: int
    """Number of different programs."""
    missing: int
    """Number of answers without a verdict."""


def begin(
    journal: Journal, under: BatchTerms, command: str, students: Iterable[str], assignment: str = "",
    remarks: Sequence[str] = (),
) -> None:  # fmt: skip
    """Record a run for these students in the journal, and fill the temporary tables that its queries use.

    remarks: sentences on what a person should look at, for the class page.
    """
    batch = under.batch
    columns = "at, command, exercises, skip, tier, key, engine, assignment, remarks"
    with journal.transaction():
        journal.sql.execute(
            f"INSERT INTO run ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (now(), command, json.dumps(batch.names), json.dumps(sorted(batch.options.skip)), batch.tier,
             key_code(under), VERSION, assignment, json.dumps(list(remarks))),
        )  # fmt: skip
        for table in ("asked", "chosen", "given_up", "todo"):
            journal.sql.execute(f"DELETE FROM temp.{table}")
        journal.sql.executemany("INSERT OR IGNORE INTO chosen VALUES (?)", ((student,) for student in students))
        where = json.dumps(dict(under.environment), sort_keys=True)
        for position, (name, exercise) in enumerate(under.exercises.items()):
            suite = under.suites[name]
            row = (name, suite.sha256, where, json.dumps(dict(suite.parts), sort_keys=True))
            journal.sql.execute(_NEW_SUITE, row)
            (key,) = journal.sql.execute(_SUITE, row[:3]).fetchone()
            journal.sql.execute("INSERT INTO asked VALUES (?, ?, ?, ?)", (position, name, exercise.max_score, key))


def widen(journal: Journal, under: BatchTerms) -> BatchTerms:
    """Add to the asked exercises all those graded in this journal before, so that reports keep them; return the terms
    for the reports. To be called after grading."""
    batch = under.batch
    graded = {name for (name,) in journal.sql.execute("SELECT DISTINCT exercise FROM grade")}
    more = sorted(graded & set(batch.course.folders) - set(batch.names))
    if not more:
        return under
    wider = terms(replace(batch, names=tuple(each.name for each in batch.course.exercises([*batch.names, *more]))))
    rows = [(position, each.name, each.max_score, 0) for position, each in enumerate(wider.exercises.values())]
    with journal.transaction():
        journal.sql.execute("DELETE FROM temp.asked")
        journal.sql.executemany("INSERT INTO asked VALUES (?, ?, ?, ?)", rows)
    return wider


def plan(journal: Journal, under: BatchTerms) -> int:
    """Store the next jobs in the journal, and return their number.

    A job is one text of a program without a verdict. If the verdict on a program mentions lines, its other texts are
    planned next: call this function again after grading, until it returns 0.
    """
    key = under.batch.options.key
    journal.sql.create_function("variant", 2, lambda *words: f"{seed_of(key, *words):020}", deterministic=True)
    with journal.transaction():
        journal.sql.execute("DELETE FROM todo")
        return journal.sql.execute(_PLAN).rowcount


def tasks(journal: Journal, under: BatchTerms) -> Iterator[Job]:
    """Yield the planned jobs, read a few at a time, so that a large class needs no more memory than a small one."""
    last = 0
    while rows := journal.sql.execute(_TASKS, (last, _AT_ONCE)).fetchall():
        last = rows[-1][0]
        for _, source, suite, exercise, text, identity in rows:
            terms = under.suites[exercise].sha256, under.environment
            yield Job(exercise, Answer(text, identity), *terms, (source, suite))


def tally(journal: Journal) -> BatchTally:
    """Return the counts of answers, programs and missing verdicts."""
    return BatchTally(*journal.sql.execute(_TALLY).fetchone())


def key_code(under: BatchTerms) -> str:
    """Return the code of the course's key that the suites of a run hold; all suites of one run hold the same."""
    return next((suite.parts["key"] for suite in under.suites.values()), "")


def read_entries(
    journal: Journal, under: BatchTerms, entries: Iterable[Entry], executor: Executor, limit: int
) -> Iterator[Entry]:
    """Read the entries whose files have changed since they were last read, and store them in the journal; yield each
    one when it is stored. limit: number of entries read at once."""
    names, before = under.batch.course.functions, time_ns() - SLACK
    how = f"{source_hash()} {sorted((name, sorted(functions)) for name, functions in names.items())}"
    known, changed = signatures(journal), dict[Entry, str]()
    for each in entries:
        inside = [f"{each.path}/{name}" for name, _ in each.files] if each.files and each.path.is_dir() else []
        files = signature(inside or [str(each.path)], before)
        seen = files and sha256(f"{files} {how} {vars(each)}".encode("utf-8", "surrogatepass")).hexdigest()
        if seen and seen == known.get(each.student):
            yield each
        else:
            changed[each] = seen
    for each, found in as_done(lambda each: executor.submit(read, each, names), list(changed), limit):
        # Where parsing it killed the worker, it is read here without parsing.
        entry = ReadResult(read_submission(each, names)) if found.exception() else found.result()
        journal.store(each.student, entry, under.exercises, changed[each])
        yield each


def signatures(journal: Journal) -> dict[str, str]:
    """Return student → signature of the files that were last read for all asked exercises; "" to read them again."""
    return dict(journal.sql.execute(_SIGNATURES))


def grade_all(journal: Journal, under: BatchTerms, executor: Executor, limit: int) -> Iterator[ExerciseReport]:
    """Grade the planned jobs; yield each verdict when it is in the journal, and only then submit the next job.

    limit: number of jobs that may run at once.
    """
    for job, found in as_done(lambda job: executor.submit(grade, under.batch, job), tasks(journal, under), limit):
        exercise, fault, identity = under.exercises[job.exercise], found.exception(), job.answer.identity
        result = JobResult(None, 0.0, str(fault)) if fault else found.result()
        report = result.report or broken(exercise, fault or GraderFault(result.fault))
        if report.status == "broken":  # the program is excluded from the rest of this run
            journal.sql.execute("INSERT OR IGNORE INTO given_up VALUES (?, ?)", (identity, job.rows[1]))
        drawn = seed_of(under.batch.options.key, job.exercise, identity)
        journal.add(*job.rows, report, result.seconds, drawn)
        yield report


def as_done(
    submit: Callable[[Item], Future[Any]], items: Iterable[Item], limit: int
) -> Iterator[tuple[Item, Future[Any]]]:
    """Submit the items, at most `limit` at once; yield each with its future when that is done."""
    remaining, running = iter(items), dict[Future[Any], Item]()
    try:
        running |= {submit(item): item for item in islice(remaining, limit)}
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future
                running |= {submit(item): item for item in islice(remaining, 1)}
    finally:
        for future in running:
            future.cancel()


_NEW_SUITE = "INSERT INTO suite (exercise, sha256, environment, parts) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_SUITE = "SELECT id FROM suite WHERE exercise = ? AND sha256 = ? AND environment = ?"
_SIGNATURES = """
SELECT student, signature FROM submission AS s WHERE present AND NOT EXISTS (
    SELECT 1 FROM asked AS a LEFT JOIN entry AS e ON e.student = s.student AND e.exercise = a.exercise
    WHERE e.signature IS NOT s.signature
)
"""
_PLAN = """
INSERT INTO todo (exercise, source, suite)
WITH missing AS (
    SELECT DISTINCT c.position, c.exercise, c.source, c.suite, c.identity, c.sha256
    FROM current AS c
    WHERE c.source IS NOT NULL AND c.verdict IS NULL
        AND NOT EXISTS (SELECT 1 FROM given_up AS g WHERE g.identity = c.identity AND g.suite = c.suite)
), ranked AS (
    SELECT *, MIN(sha256) OVER (PARTITION BY suite, identity) AS first FROM missing
)
SELECT exercise, source, suite FROM ranked AS m
WHERE sha256 = first OR EXISTS (
    SELECT 1 FROM source AS u JOIN record AS r ON r.source = u.id
    WHERE u.identity = m.identity AND r.suite = m.suite AND r.status <> 'broken'
)
ORDER BY position, variant(exercise, identity), sha256
"""
_TASKS = """
SELECT todo.id, todo.source, todo.suite, todo.exercise, source.text, source.identity
FROM todo JOIN source ON source.id = todo.source WHERE todo.id > ? ORDER BY todo.id LIMIT ?
"""
_TALLY = """
SELECT COUNT(source), COUNT(DISTINCT CASE WHEN source IS NOT NULL THEN suite || ' ' || identity END),
    COUNT(CASE WHEN source IS NOT NULL AND verdict IS NULL THEN 1 END)
FROM current
"""
