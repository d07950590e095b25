"""What a grader process is asked to do. It may stand on another machine: all it is told comes with the question."""

from __future__ import annotations

import atexit
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from autograder.batch.similarity import similarity_code
from autograder.course.catalog import Course
from autograder.errors import GraderFault, UsageError
from autograder.grading.grader import Answer, Grader
from autograder.grading.identity import identity
from autograder.grading.pipeline import Options, environment, without
from autograder.grading.suite import suites
from autograder.grading.variant_cache import VariantCache
from autograder.report.report import ExerciseReport
from autograder.sandbox import Sandbox
from autograder.sandbox.selftest import selftest
from autograder.spec.exercise import Exercise
from autograder.submission.choice import Names
from autograder.submission.entry import Entry
from autograder.submission.folder import read_submission
from autograder.submission.source import Submission

_KEPT = 64  # papers; answers come in the order of theirs, so a few would do


@dataclass(frozen=True)
class Batch:
    """What to grade with: the course, the exercises by name in teaching order, the tier, and the options."""

    course: Course
    names: tuple[str, ...]
    tier: str
    options: Options


@dataclass(frozen=True)
class Job:
    """One answer to grade. suite, environment: what the one who asks expects; anything else is no verdict."""

    exercise: str
    answer: Answer
    suite: str
    environment: Mapping[str, str]


@dataclass(frozen=True)
class JobResult:
    """A verdict, and the wall time it took, in seconds. report: None where this process could not grade; fault: why."""

    report: ExerciseReport | None
    seconds: float
    fault: str = ""


@dataclass(frozen=True)
class ReadResult:
    """What was handed in. identities: of each of its texts, by text."""

    submission: Submission
    identities: Mapping[str, str] = field(default_factory=dict)


def read(entry: Entry, names: Names) -> ReadResult:
    """One submission, with its texts parsed; nothing is executed."""
    submission = read_submission(entry, names)
    found = (*submission.sources.values(), *([submission.module] if submission.module else []))
    return ReadResult(submission, {source.text: identity(source.text) for source in found})


def grade(batch: Batch, job: Job) -> JobResult:
    """One verdict, under the terms of the one who asks or not at all."""
    with _ONE_AT_A_TIME:
        started = perf_counter()
        try:
            return JobResult(_grade(_state_for(batch, job), job), perf_counter() - started)
        except (UsageError, GraderFault) as error:
            return JobResult(None, perf_counter() - started, str(error))


def leave() -> None:
    """Close the sandbox and forget the course and its key."""
    with _ONE_AT_A_TIME:
        _stop()


def _stop() -> None:
    global _state
    if _state is not None:
        _state.grader.sandbox.close()
        _state = None


@dataclass(frozen=True)
class WorkerState:
    """Where this process grades one batch."""

    batch: Batch
    grader: Grader
    exercises: Mapping[str, Exercise]


_state: WorkerState | None = None
_ONE_AT_A_TIME = threading.Lock()
atexit.register(leave)


def _state_for(batch: Batch, job: Job) -> WorkerState:
    """The seat that is taken, if the course is as it was then; a process may serve many batches."""
    global _state
    if _state is None or _state.batch != batch or _state.grader.suites[job.exercise] != job.suite:
        _stop()
        _state = _start(batch)
    return _state


def _start(batch: Batch) -> WorkerState:
    """Start the sandbox, prove it, and load the course as it is now."""
    if not batch.course.root.is_dir():
        raise UsageError(f"the course is not at {batch.course.root}. Every worker needs it at the same place.")
    sandbox = Sandbox(batch.tier)
    try:
        if batch.tier != "local":
            selftest(sandbox)
        return WorkerState(batch, *_load(batch, sandbox))
    except BaseException:
        sandbox.close()
        raise


def _load(batch: Batch, sandbox: Sandbox) -> tuple[Grader, dict[str, Exercise]]:
    _forget(batch.course.root)
    before = suites(batch.course, batch.names, batch.options, batch.tier)
    course = Course(batch.course.root)
    exercises = {name: without(course.exercise(name), batch.options.skip) for name in batch.names}
    if suites(batch.course, batch.names, batch.options, batch.tier) != before:
        raise UsageError("the course was changed while it was loaded. Grade again when it is complete.")
    hashes = {name: suite.sha256 for name, suite in before.items()}
    return Grader(sandbox, batch.options, VariantCache(_KEPT), hashes), exercises


def _forget(root: Path) -> None:
    """Modules of an earlier batch, of this course or another one, that would be taken for this course's own."""
    sys.path[:] = [str(root), *(path for path in sys.path if path != str(root))]
    for name in [name for name in sys.modules if name.partition(".")[0] != "autograder"]:
        here = root.joinpath(*name.split("."))
        if here.with_name(f"{here.name}.py").is_file() or (here / "__init__.py").is_file():
            del sys.modules[name]


def _grade(state: WorkerState, job: Job) -> ExerciseReport:
    here = environment()
    if here != dict(job.environment):
        raise UsageError(f"this machine has {_listed(here)}, expected {_listed(job.environment)}. Install the same.")
    if state.grader.suites[job.exercise] != job.suite:
        raise UsageError("the course or the engine is not the one that the batch began with. Grade again, everywhere.")
    exercise = state.exercises[job.exercise]
    graded = state.grader.grade_answer(exercise, job.answer)
    return graded if graded.status in ("skipped", "broken") else replace(graded, kin=_similar(exercise, job.answer))


def _similar(exercise: Exercise, answer: Answer) -> str | None:
    """Return the code that similar answers share; None where all start from the same code and repair it alike."""
    return (
        None if exercise.planted else similarity_code(answer.text, [function.name for function in exercise.functions])
    )


def _listed(facts: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(facts.items()))
