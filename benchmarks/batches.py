"""Grading of a whole batch, with the journal in this process and the workers below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.batch.journal import Journal
from autograder.batch.plan import begin, grade_all, plan, read_entries, terms
from autograder.batch.pool import WorkerPool
from autograder.batch.worker import Batch
from autograder.report.report import ExerciseReport
from autograder.submission.source import Entry


def grade_class(batch: Batch, entries: Sequence[Entry], jobs: int, results: Path) -> Iterator[ExerciseReport]:
    """Grade a class and yield every verdict as it is written."""
    under = terms(batch)
    with Journal(results) as journal, WorkerPool(jobs) as graders:
        journal.set_entries(entries)
        begin(journal, under, "grade", [each.student for each in entries])
        for _ in read_entries(journal, under, entries, graders, jobs):
            pass
        while plan(journal, under):
            yield from grade_all(journal, under, graders, jobs)
