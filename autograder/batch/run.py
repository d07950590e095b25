"""A batch from beginning to end: read what is new, grade what has no verdict, and nothing twice.

The executor may be this machine's own grader processes or a cluster: only this process writes the journal.
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


def take_in(
    journal: Journal, under: BatchTerms, entries: Iterable[Entry], executor: Executor, room: int
) -> Iterator[Entry]:
    """Read submissions and enter them in the journal; each is yielded when it is entered."""
    names = under.batch.course.functions
    for each, found in as_done(lambda each: executor.submit(read, each, names), entries, room):
        journal.enter(each.student, _read(each, names, found), under.exercises)
        yield each


def grade_all(journal: Journal, under: BatchTerms, executor: Executor, room: int) -> Iterator[ExerciseReport]:
    """Grade what is planned; each verdict is yielded when it is in the journal, and only then is the next given out.

    room: how many answers may be under way.
    """
    waiting = plan.tasks(journal, under)
    for task, found in as_done(lambda task: executor.submit(grade, under.batch, task.job), waiting, room):
        report, seconds = _verdict(under, task, found)
        if report.status == "broken":
            plan.give_up(journal, task)
        drawn = seed_of(under.batch.options.key, task.job.exercise, task.job.answer.identity)
        journal.add(task.source, task.suite, report, seconds, drawn)
        yield report


def as_done(
    submit: Callable[[Item], Future[Any]], items: Iterable[Item], room: int
) -> Iterator[tuple[Item, Future[Any]]]:
    """Every item with its future as it is done. The next is submitted when the caller comes back for more."""
    waiting, running = iter(items), dict[Future[Any], Item]()
    try:
        running |= {submit(item): item for item in islice(waiting, room)}
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future
                running |= {submit(item): item for item in islice(waiting, 1)}
    finally:
        for future in running:
            future.cancel()


def _read(entry: Entry, names: Names, found: Future[ReadResult]) -> ReadResult:
    """What was read; where the reader died over it, it is read here and not parsed."""
    fault = found.exception()
    return ReadResult(read_submission(entry, names)) if fault else found.result()


def _verdict(under: BatchTerms, task: Task, found: Future[JobResult]) -> tuple[ExerciseReport, float]:
    """The verdict and its seconds; broken, saying why, where the machinery gave none."""
    exercise, fault = under.exercises[task.job.exercise], found.exception()
    if fault is not None:
        return broken(exercise, fault), 0.0
    graded = found.result()
    return graded.report or broken(exercise, GraderFault(graded.fault)), graded.seconds
