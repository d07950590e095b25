"""A folder of submissions → Reports, by as many grader processes as there are jobs."""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.batch import pool
from autograder.batch.papers import Papers
from autograder.batch.submission import grade_submission
from autograder.catalog import Course
from autograder.grade import Options, broken, report, without
from autograder.intake.folder import read_submission
from autograder.intake.handed import Handed
from autograder.report import Report
from autograder.sandbox import Sandbox
from autograder.sandbox.limits import Limits


@dataclass(frozen=True)
class Batch:
    """What to grade with: the course, the exercises by name, the tier, and the options."""

    course: Course
    names: tuple[str, ...]
    tier: str
    options: Options


def grade_folder(batch: Batch, handed: list[Handed], jobs: int) -> Iterator[Report]:
    """A report for every submission, as they are done. None is lost: what the machinery could not grade is broken."""
    for index, result in pool.run(prepare, (batch,), handed, jobs):
        yield result if isinstance(result, Report) else _broken(batch, handed[index], result)


def prepare(batch: Batch) -> pool.Work:
    """In a grader process: start the zygote first, then load what it must never see."""
    sandbox = Sandbox(batch.tier, Limits())
    atexit.register(sandbox.close)
    exercises = batch.course.exercises(batch.names)
    papers = Papers()

    def grade(handed: Handed) -> Report:
        submission = read_submission(handed, batch.course.functions)
        return grade_submission(submission, exercises, sandbox, batch.options, papers)

    return grade


def _broken(batch: Batch, handed: Handed, fault: BaseException) -> Report:
    exercises = [without(exercise, batch.options.skip) for exercise in batch.course.exercises(batch.names)]
    return report(handed.student, batch.tier, tuple(broken(exercise, fault) for exercise in exercises))
