"""Run of a batch: read the entries, then grade what has no verdict.

The executor may be this machine's worker processes or a cluster; only this process writes the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from itertools import islice
from typing import Any, TypeVar

from autograder.batch import plan
from autograder.batch.journal import Journal
from autograder.batch.plan import BatchTerms, Task
from autograder.batch.worker import JobResult, ReadResult, grade, read
from autograder.errors import GraderFault
from autograder.grading.pipeline import broken, seed_of
from autograder.report.report import ExerciseReport
from autograder.submission.choice import Names
from autograder.submission.entry import Entry
from autograder.submission.folder import read_submission

Item = TypeVar("Item")


def read_entries(
    journal: Journal, under: BatchTerms, entries: Iterable[Entry], executor: Executor, limit: int
) -> Iterator[Entry]:
    """Read entries and store them in the journal; yield each entry when it is stored. limit: of entries at once."""
    names = under.batch.course.functions
    for each, found in as_done(lambda each: executor.submit(read, each, names), entries, limit):
        journal.store(each.student, _read(each, names, found), under.exercises)
        yield each


def grade_all(journal: Journal, under: BatchTerms, executor: Executor, limit: int) -> Iterator[ExerciseReport]:
    """Grade the planned tasks; yield each verdict when it is in the journal, and only then submit the next task.

    limit: number of tasks that may run at once.
    """
    remaining = plan.tasks(journal, under)
    for task, found in as_done(lambda task: executor.submit(grade, under.batch, task.job), remaining, limit):
        report, seconds = _verdict(under, task, found)
        if report.status == "broken":
            plan.give_up(journal, task)
        drawn = seed_of(under.batch.options.key, task.job.exercise, task.job.answer.identity)
        journal.add(task.source, task.suite, report, seconds, drawn)
        yield report


def as_done(
    submit: Callable[[Item], Future[Any]], items: Iterable[Item], limit: int
) -> Iterator[tuple[Item, Future[Any]]]:
    """Yield every item with its future as it completes. The next item is submitted when the caller resumes."""
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


def _read(entry: Entry, names: Names, found: Future[ReadResult]) -> ReadResult:
    """Return the submission; where parsing it killed the worker, read it here without parsing."""
    fault = found.exception()
    return ReadResult(read_submission(entry, names)) if fault else found.result()


def _verdict(under: BatchTerms, task: Task, found: Future[JobResult]) -> tuple[ExerciseReport, float]:
    """Return the verdict and its seconds; a broken report with the reason where grading failed."""
    exercise, fault = under.exercises[task.job.exercise], found.exception()
    if fault is not None:
        return broken(exercise, fault), 0.0
    graded = found.result()
    return graded.report or broken(exercise, GraderFault(graded.fault)), graded.seconds
