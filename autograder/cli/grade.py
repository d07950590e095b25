"""Grade a class: one folder (or one .py file) per student, each answer in a sandbox of its own.

Writes RESULTS/index.html, grades.csv, grades.jsonl, reports/<student>.json and feedback/<student>.html from
RESULTS/journal.sqlite, which knows what is graded: run the same command again after any interruption.
"""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from autograder.checks import CHECKS
from autograder.cli import arguments, batch_run
from autograder.cli.arguments import progress

if TYPE_CHECKING:
    from autograder.batch.journal import Journal
    from autograder.batch.plan import BatchTerms
    from autograder.batch.worker import Batch
    from autograder.cli.batch_run import Executors
    from autograder.course.catalog import Course
    from autograder.submission.entry import Entry

CHECK_NAMES = tuple(name for name, check in CHECKS.items() if check.skippable)


def configure(parser: argparse.ArgumentParser) -> None:
    """SUBMISSIONS -o RESULTS [--only EXERCISE] [--skip CHECK] [--tier TIER] [--official] [--fail-fast], and how."""
    parser.add_argument(
        "submissions", type=arguments.path,
        help="a folder, or a zip archive, with a folder, notebook, .zip or .py file per student, as platforms make it",
    )  # fmt: skip
    parser.add_argument("-o", "--output", type=arguments.path, required=True, metavar="RESULTS", help="where to write")
    parser.add_argument(
        "--only", action="append", default=[], metavar="EXERCISE",
        help="grade these exercises or units; repeat it, or separate by commas (default: the whole course)",
    )  # fmt: skip
    parser.add_argument(
        "--skip", action="append", default=[], metavar="CHECK", choices=CHECK_NAMES,
        help=f"leave out a check with its points: {', '.join(CHECK_NAMES)}",
    )  # fmt: skip
    parser.add_argument(
        "--assignment", default="", metavar="NAME",
        help="of nbgrader's submitted/ only this one; in the names of clones it stands before the student",
    )  # fmt: skip
    arguments.add_tier(parser)
    parser.add_argument("--official", action="store_true", help="refuse to grade in the local tier or without a key")
    parser.add_argument("--fail-fast", action="store_true", help="stop at the first answer that fails")
    batch_run.configure(parser)


def run(args: argparse.Namespace) -> int:
    """Grade what is not graded; exit 0 when all passed, 1 when something did not, 3 when the grader itself failed."""
    return batch_run.guarded(lambda: _grade(args), args.output)


def _grade(args: argparse.Namespace) -> int:
    from autograder.batch.journal import Journal
    from autograder.batch.plan import begin, tally, terms
    from autograder.batch.standings import post

    entries, under = _submissions(args), terms(_batch(args))
    students = set(batch_run.chosen(args.student, [each.student for each in entries]))
    chosen = [each for each in entries if each.student in students]
    with Journal(args.output, under.batch.options.key, batch_run.warn) as journal:
        journal.set_entries(entries)
        begin(journal, under, "grade", students)
        with batch_run.executors(args, len(chosen)) as team:
            _take_in(journal, under, chosen, team)
            before = tally(journal)
            graded = batch_run.grade_rest(journal, under, team, args.fail_fast)
        moved, after = post(journal), tally(journal)
        outcome = batch_run.write(journal, under, args.output, students)
    batch_run.show(outcome, args.output)
    print(batch_run.account(before, after, graded) + (f" {moved:,} grades have moved." if moved else ""))
    return outcome.exit_code(stopped=args.fail_fast)


def _batch(args: argparse.Namespace) -> Batch:
    from autograder.batch.worker import Batch
    from autograder.grading.pipeline import Options

    course = arguments.open_course(args, args.submissions)
    only = [word.strip() for words in args.only for word in words.split(",") if word.strip()]
    names = tuple(exercise.name for exercise in course.exercises(course.pick(only) or course.names))
    return Batch(course, names, _tier(args), Options(_key(args, course), frozenset(args.skip)))


def _key(args: argparse.Namespace, course: Course) -> str:
    """Return the course's key. Without one say what that means; refuse an official grade."""
    from autograder.course.policy import rules
    from autograder.errors import UsageError

    policy = rules(course)
    key = policy.key(os.environ)
    if not key and args.official:
        raise UsageError(f"an official grade needs the course's key. There is {policy.keyless}")
    if not key:
        batch_run.warn(policy.keyless)
    return key


def _take_in(journal: Journal, under: BatchTerms, entries: list[Entry], team: Executors) -> None:
    from autograder.batch.run import read_entries

    for _ in progress("reading", read_entries(journal, under, entries, team.readers, team.reading), len(entries)):
        pass


def _submissions(args: argparse.Namespace) -> list[Entry]:
    from autograder.errors import UsageError
    from autograder.submission.listing import is_class, list_entries

    if not is_class(args.submissions):
        raise UsageError(f"{args.submissions} is no folder and no zip archive. Give the one with the submissions.")
    if args.output.resolve().is_relative_to(args.submissions.resolve()):
        raise UsageError(f"{args.output} lies inside the submissions and would be graded next time. Write elsewhere.")
    try:
        found = list_entries(args.submissions, args.assignment)
    except (ValueError, OSError) as error:
        raise UsageError(str(error)) from error
    if found.others:
        batch_run.warn(f"nobody's submission, so not graded: {', '.join(found.others)}")
    if not found.entries:
        raise UsageError(f"{args.submissions} holds no submission: expected a folder or a file per student.")
    return list(found.entries)


def _tier(args: argparse.Namespace) -> str:
    """Choose the tier and prove it; for the local one, print that its results are no grades."""
    from autograder.sandbox.doctor import choose

    tier = choose(args.tier, args.official)
    if tier == "local":
        batch_run.warn("no sandbox on this machine: this is feedback, not a grade.")
    return tier
