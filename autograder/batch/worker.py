"""Functions that executors call in worker processes, possibly on another machine: each call carries its input."""

from __future__ import annotations

import atexit
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from autograder.course.catalog import Course
from autograder.errors import GraderFault, UsageError
from autograder.grading.grader import Answer, Grader, VariantCache
from autograder.grading.identity import identity
from autograder.grading.pipeline import Options, environment, without
from autograder.grading.suite import Suite, suites
from autograder.report.report import ExerciseReport
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.selftest import selftest
from autograder.spec.exercise import Exercise
from autograder.submission.choice import Names
from autograder.submission.folder import read_submission
from autograder.submission.source import Entry, Submission

_KEPT = 64  # number of variants kept; jobs come in the order of their variants, so a few would do


@dataclass(frozen=True)
class Batch:
    """Course, exercises and options of a batch, in the form in which they are sent to an executor."""

    course: Course
    names: tuple[str, ...]
    """Exercises, in teaching order."""
    tier: str
    options: Options


@dataclass(frozen=True)
class BatchTerms:
    """Exercises, suites and environment: everything that the verdicts of a run depend on besides the answers."""

    batch: Batch
    exercises: Mapping[str, Exercise]
    """Exercises in teaching order, without the checks that the options skip."""
    suites: Mapping[str, Suite]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Job:
    """One answer to grade, with what the worker must find: suite and environment."""

    exercise: str
    answer: Answer
    suite: str
    """Hash of the suite that is expected; a worker with another one gives no verdict."""
    environment: Mapping[str, str]
    """Package → version that is expected."""
    rows: tuple[int, int]
    """Ids of the answer's source and of the suite in the journal."""


@dataclass(frozen=True)
class JobResult:
    """The verdict on a job's answer, or the reason why there is none."""

    report: ExerciseReport | None
    """Report on the exercise; None where this process could not grade the answer."""
    seconds: float
    """Wall time."""
    fault: str = ""
    """Reason why there is no report."""


@dataclass(frozen=True)
class ReadResult:
    """A submission that was read, and text → identity of each of its sources."""

    submission: Submission
    identities: Mapping[str, str] = field(default_factory=dict)


def terms(batch: Batch) -> BatchTerms:
    """Return the terms of a batch, from the current state of its course and this machine."""
    exercises = {name: without(batch.course.exercise(name), batch.options.skip) for name in batch.names}
    return BatchTerms(batch, exercises, suites(batch.course, batch.names, batch.options, batch.tier), environment())


def read(entry: Entry, names: Names) -> ReadResult:
    """Read an entry and parse its texts; nothing is executed."""
    submission = read_submission(entry, names)
    found = (*submission.sources.values(), *([submission.module] if submission.module else []))
    return ReadResult(submission, {source.text: identity(source.text) for source in found})


def grade(batch: Batch, job: Job) -> JobResult:
    """Grade a job; give no verdict where the course, the engine or the environment is not the expected one."""
    with _LOCK:
        started = perf_counter()
        try:
            return JobResult(_grade(_state_for(batch, job), job), perf_counter() - started)
        except (UsageError, GraderFault) as error:
            return JobResult(None, perf_counter() - started, str(error))


class ThisProcess(Executor):
    """Executor that makes each call at once, in this process, for a single submission."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call fn(*args, **kwargs) and return a future that is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def forget_batch() -> None:
    """Close this process's sandbox, and drop the course and its key from memory."""
    with _LOCK:
        _stop()


def _stop() -> None:
    global _state
    if _state is not None:
        _state.grader.sandbox.close()
        _state = None


@dataclass(frozen=True)
class WorkerState:
    """Sandbox of one batch, and the batch's terms on this machine."""

    batch: Batch
    under: BatchTerms
    grader: Grader


_state: WorkerState | None = None
_LOCK = threading.Lock()
atexit.register(forget_batch)


def _state_for(batch: Batch, job: Job) -> WorkerState:
    """Return this process's state for a batch, made anew if the batch is another one or its course has changed."""
    global _state
    if _state is None or _state.batch != batch or _state.grader.suites[job.exercise] != job.suite:
        _stop()
        _state = _start(batch)
    return _state


def _start(batch: Batch) -> WorkerState:
    """Start and test the sandbox, and load the course."""
    if not batch.course.root.is_dir():
        raise UsageError(f"the course is not at {batch.course.root}. Every worker needs it at the same place.")
    sandbox = Sandbox(batch.tier)
    try:
        if batch.tier != "local":
            selftest(sandbox)
        _forget(batch.course.root)
        before = suites(batch.course, batch.names, batch.options, batch.tier)
        under = terms(replace(batch, course=Course(batch.course.root)))
        if under.suites != before:
            raise UsageError("the course was changed while it was loaded. Grade again when it is complete.")
        hashes = {name: suite.sha256 for name, suite in before.items()}
        return WorkerState(batch, under, Grader(sandbox, batch.options, VariantCache(_KEPT), hashes))
    except BaseException:
        sandbox.close()
        raise


def _forget(root: Path) -> None:
    """Remove imported modules that would shadow this course's own modules."""
    sys.path[:] = [str(root), *(path for path in sys.path if path != str(root))]
    for name in [name for name in sys.modules if name.partition(".")[0] != "autograder"]:
        here = root.joinpath(*name.split("."))
        if here.with_name(f"{here.name}.py").is_file() or (here / "__init__.py").is_file():
            del sys.modules[name]


def _grade(state: WorkerState, job: Job) -> ExerciseReport:
    found = state.under.environment
    if found != job.environment:
        raise UsageError(f"this machine has {_listed(found)}, expected {_listed(job.environment)}. Install the same.")
    if state.grader.suites[job.exercise] != job.suite:
        raise UsageError("the course or the engine is not the one that the batch began with. Grade again, everywhere.")
    return state.grader.grade_answer(state.under.exercises[job.exercise], job.answer)


def _listed(facts: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(facts.items()))
