"""Parts that the commands `grade` and `regrade` share: the processes that grade, and a run from start to results."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING

from autograder.cli import arguments
from autograder.cli.arguments import path_fault, progress
from autograder.errors import UsageError
from autograder.render.page import amount

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from pathlib import Path

    from autograder.batch.journal import Journal
    from autograder.batch.plan import BatchTally
    from autograder.batch.worker import BatchTerms
    from autograder.report.report import Report

_TABLE = 100
_NAMED = 8


def configure(parser: argparse.ArgumentParser) -> None:
    """Add --jobs N, --scheduler ADDRESS, --student GLOB to the parser."""
    words = "graders at once (default: one per core)"
    parser.add_argument("-j", "--jobs", type=arguments.positive, metavar="N", help=words)
    words = "grade on the Dask cluster of this scheduler (docs/clusters.md)"
    parser.add_argument("--scheduler", metavar="ADDRESS", help=words)
    parser.add_argument("--student", default="*", metavar="GLOB", help="only these students, such as 'a*'")
    arguments.add_course(parser)


def warn(sentence: str) -> None:
    """Print a sentence to the standard error."""
    print(f"handgrad: {sentence}", file=sys.stderr)


def chosen(pattern: str, students: Sequence[str]) -> list[str]:
    """Return the students whose names match the pattern of --student; UsageError where none does."""
    found = [student for student in students if fnmatchcase(student, pattern)]
    if not found:
        raise UsageError(f"no student is called {pattern}. The first is {min(students, default='nobody')}.")
    return found


def guarded(work: Callable[[], int], folder: Path) -> int:
    """Call `work` and return its exit code, 130 when it is interrupted; UsageError where a path cannot be read or
    `folder` not written. The journal stays intact in each case."""
    kept = "What is graded is kept: run the same command again to go on."
    try:
        return work()
    except KeyboardInterrupt:
        print(f"handgrad: interrupted. {kept}", file=sys.stderr)
        return 130
    except (sqlite3.Error, OSError) as error:
        if words := path_fault(error, folder):
            raise UsageError(f"{words} {kept}") from error
        raise


Workers = tuple["Executor", int]
"""An executor, and how many tasks it may have at once."""


@contextmanager
def executors(args: argparse.Namespace, most: int) -> Iterator[tuple[Workers, Workers]]:
    """Yield the executor that reads submissions, on this machine, and the one that grades, which may be a cluster.

    most: number of submissions, the most processes that have work; a single submission is graded in this process.
    """
    from autograder.batch.pool import LIMIT, Cluster, WorkerPool
    from autograder.batch.worker import ThisProcess
    from autograder.numeric.runtime import cores

    jobs = min(args.jobs or cores(), most)
    with ThisProcess() if most == 1 else WorkerPool(jobs) as here:
        if args.scheduler is None:
            yield (here, jobs), (here, jobs)
            return
        with Cluster(args.scheduler) as there:
            yield (here, jobs), (there, LIMIT)


def grade_rest(journal: Journal, under: BatchTerms, graders: Workers, fail_fast: bool = False) -> int:
    """Grade all answers without a verdict, with fail_fast up to the first failure; return the number graded."""
    from autograder.batch.plan import grade_all, plan

    graded = 0
    while count := plan(journal, under):
        for report in progress("grading", grade_all(journal, under, *graders), count):
            graded += 1
            if fail_fast and report.status not in ("passed", "skipped"):
                graders[0].shutdown(cancel_futures=True)
                return graded
    return graded


@dataclass
class ClassOutcome:
    """The outcome of a run of `grade` or `regrade` for the chosen students."""

    statuses: Counter[str] = field(default_factory=Counter)
    """Status → number of students."""
    reports: list[Report] = field(default_factory=list)
    """Reports of the students, if these are few."""
    ungraded: int = 0
    """Number of students without grades in all of the asked exercises, who are in no list."""
    kept: tuple[str, ...] = ()
    """Exercises of earlier runs, which stay in the results."""

    def exit_code(self, stopped: bool = False) -> int:
        """Return 0 if all passed, 3 if the grader failed, else 1. stopped: --fail-fast was given, so that an answer
        without a grade is no failure of the grader."""
        if set(self.statuses) == {"passed"}:
            return 0
        return 1 if stopped or "broken" not in self.statuses else 3


def write(journal: Journal, under: BatchTerms, folder: Path, students: Collection[str] = ()) -> ClassOutcome:
    """Write the files of RESULTS from the journal, with all exercises that it holds; return the outcome of `students`.

    CourseError: an extension or an adjustment names nobody in the class.
    """
    from autograder.batch.plan import widen
    from autograder.batch.results import ClassTerms, write_changed
    from autograder.batch.standings import facts, made_of, report_of, similarity_codes, source_text
    from autograder.course.policy.course import rules
    from autograder.course.policy.policy import Policy, mark
    from autograder.report.json import stamp

    everybody, policy = journal.students(), rules(under.batch.course)
    policy.check_students(everybody)
    wide, known, key = widen(journal, under), facts(journal, policy.students), under.batch.options.key

    def make(student: str) -> Report:
        report = report_of(journal, wide, student)
        return stamp(report if policy == Policy() else mark(report, policy), key)

    made = list(made_of(journal, wide, policy, known))
    others = sorted(set(everybody) - {student for student, _ in made})
    terms = ClassTerms(wide.batch.names, policy, known, others)
    for_class = partial(source_text, journal), partial(similarity_codes, journal, wide)
    written = write_changed(journal, folder, terms, made, make, *for_class)
    kept = tuple(name for name in wide.batch.names if name not in under.batch.names)
    outcome = ClassOutcome(ungraded=len(others), kept=kept)
    for student, status in progress("writing", written, len(made)):
        if student in students:
            outcome.statuses[status] += 1
            outcome.reports += [make(student)] if outcome.statuses.total() <= _TABLE else []
    return outcome


def show(outcome: ClassOutcome, folder: Path) -> None:
    """Print the outcome of a small class as a table, of a large one as a line, and the paths of the files."""
    from autograder.render.table import print_class

    if outcome.statuses.total() <= _TABLE:
        print_class(outcome.reports)
    else:
        counts = ", ".join(f"{count:,} {status}" for status, count in sorted(outcome.statuses.items()))
        print(f"{outcome.statuses.total():,} submissions: {counts}")
    if outcome.ungraded:
        print(f"{amount(outcome.ungraded, 'student')} not graded yet: repeat without --student and --fail-fast.")
    if outcome.kept:
        words = f"{amount(len(outcome.kept), 'exercise')} of earlier runs kept in {folder}"
        print(f"{words}: {', '.join(outcome.kept[:_NAMED])}{' …' * (len(outcome.kept) > _NAMED)}")
    print(f"\n{folder / 'index.html'} shows the class.")
    print(f"{folder / 'grades.csv'}, {folder / 'reports'}/<student>.json, {folder / 'feedback'}/<student>.html")


def account(before: BatchTally, after: BatchTally, graded: int) -> str:
    """Return a sentence with the numbers of answers, of programs, of answers graded now and of those left."""
    words = f"{amount(before.answers, 'answer')}, {amount(before.programs, 'different program')}; {graded:,} graded now"
    return f"{words}, {after.missing:,} left: the same command grades them." if after.missing else f"{words}."
