"""Grade a class: one folder (or one .py file) per student, each answer in a sandbox of its own.

Writes RESULTS/index.html, grades.csv, grades.jsonl, reports/<student>.json and feedback/<student>.html from
RESULTS/journal.sqlite, which knows what is graded: run the same command again after any interruption.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.checks import CHECKS
from autograder.cli import arguments, batch_run
from autograder.cli.arguments import progress
from autograder.errors import UsageError
from autograder.render.page import amount

if TYPE_CHECKING:
    from autograder.batch.journal import Journal
    from autograder.batch.worker import Batch
    from autograder.course.policy.policy import Student
    from autograder.platforms.roster import Attendance

CHECK_NAMES = tuple(name for name, check in CHECKS.items() if check.skippable)
_NOTHING = "Nothing was handed in."
"""Note of the empty submission that is stored for everybody in the class list of whom nothing was found."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add SUBMISSIONS -o RESULTS [--only EXERCISE] [--skip CHECK] [--tier TIER] [--official] [--fail-fast] and more."""
    words = "a folder, or a zip archive, with a folder, notebook, .zip or .py file per student, as platforms make it"
    parser.add_argument("submissions", type=arguments.path, help=words)
    parser.add_argument("-o", "--output", type=arguments.path, required=True, metavar="RESULTS", help="where to write")
    words = "grade these exercises or units; repeat it, or separate by commas (default: the whole course)"
    parser.add_argument("--only", action="append", default=[], metavar="EXERCISE", help=words)
    words = f"leave out a check with its points: {', '.join(CHECK_NAMES)}"
    parser.add_argument("--skip", action="append", default=[], metavar="CHECK", choices=CHECK_NAMES, help=words)
    arguments.add_assignment(parser)
    words = "the name of the assignment in nbgrader's submitted/ or in the names of clones, where it is another"
    parser.add_argument("--prefix", default="", metavar="WORD", help=words)
    arguments.add_tier(parser)
    parser.add_argument("--official", action="store_true", help="refuse to grade in the local tier or without a key")
    parser.add_argument("--fail-fast", action="store_true", help="stop at the first answer that fails")
    batch_run.configure(parser)


def run(args: argparse.Namespace) -> int:
    """Grade answers without a verdict and write RESULTS; return 0 when all passed, 3 if the grader failed, else 1."""
    return batch_run.guarded(lambda: _grade(args), args.output)


def _grade(args: argparse.Namespace) -> int:
    from autograder.batch.journal import Journal
    from autograder.batch.plan import begin, read_entries, signatures, tally
    from autograder.batch.standings import post
    from autograder.batch.worker import ReadResult, terms
    from autograder.course.policy.course import rules
    from autograder.sandbox.doctor import choose
    from autograder.submission.source import Submission

    batch = _batch(args)
    policy = rules(batch.course)
    came = _submissions(args, policy.students)
    policy.check_students(came.students)
    students, under = set(batch_run.chosen(args.student, came.students)), terms(batch)
    chosen = [each for each in came.entries if each.student in students]
    with Journal(args.output, under.batch.options.key, batch_run.warn) as journal:
        _refuse_another(journal, args)
        journal.set_entries(came.entries, came.missing)
        begin(journal, under, "grade", students, args.assignment, came.remarks)
        with batch_run.executors(args, max(len(chosen), 1)) as (readers, graders):
            for _ in progress("reading", read_entries(journal, under, chosen, *readers), len(chosen)):
                pass
            known = signatures(journal)
            for student in sorted(each for each in students.intersection(came.missing) if known.get(each) != _NOTHING):
                journal.store(student, ReadResult(Submission(student, notes=(_NOTHING,))), under.exercises, _NOTHING)
            before = tally(journal)
            if before.missing:
                choose(batch.tier, args.official)
            graded = batch_run.grade_rest(journal, under, graders, args.fail_fast) if before.missing else 0
        moved, after = post(journal), tally(journal) if graded else before
        outcome = batch_run.write(journal, under, args.output, students)
    batch_run.show(outcome, args.output)
    print(batch_run.account(before, after, graded) + (f" Changed: {amount(moved, 'grade')}." if moved else ""))
    return outcome.exit_code(stopped=args.fail_fast)


def _batch(args: argparse.Namespace) -> Batch:
    from autograder.batch.worker import Batch
    from autograder.course.policy.course import assignment, rules
    from autograder.grading.pipeline import Options
    from autograder.sandbox.doctor import choose

    course = arguments.open_course(args, args.submissions)
    names = course.pick([word.strip() for words in args.only for word in words.split(",") if word.strip()])
    if args.assignment:
        asked = assignment(course, args.assignment).exercises
        outside = [name for name in names if name not in asked]
        if outside:
            raise UsageError(f"{', '.join(outside)} is not in {args.assignment}: {', '.join(asked)}.")
        names = names or list(asked)
    names = [exercise.name for exercise in course.exercises(names or course.names)]
    tier = choose(args.tier, args.official, prove=False)  # the sandbox is proven before anything runs in it
    if tier == "local":
        batch_run.warn("no sandbox on this machine: this is feedback, not a grade.")
    policy = rules(course)
    key = policy.key()
    if not key and args.official:
        raise UsageError(f"an official grade needs the course's key. There is {policy.keyless}")
    if not key:
        batch_run.warn(policy.keyless)
    return Batch(course, tuple(names), tier, Options(key, frozenset(args.skip)))


def _refuse_another(journal: Journal, args: argparse.Namespace) -> None:
    """Raise UsageError if RESULTS holds another assignment: only one time of submission is kept for each student."""
    from autograder.batch.standings import last_run

    try:
        before = last_run(journal).assignment
    except UsageError:
        return
    if before and args.assignment and before != args.assignment:
        raise UsageError(f"{args.output} holds {before}. Grade {args.assignment} into another folder.")


def _submissions(args: argparse.Namespace, people: Sequence[Student]) -> Attendance:
    from dataclasses import replace

    from autograder.platforms.roster import attendance
    from autograder.submission.listing import is_class, list_entries

    if not is_class(args.submissions):
        raise UsageError(f"{args.submissions} is no folder and no zip archive. Give the one with the submissions.")
    if args.output.resolve().is_relative_to(args.submissions.resolve()):
        raise UsageError(f"{args.output} lies inside the submissions and would be graded next time. Write elsewhere.")
    root, name = args.submissions, ""
    if args.assignment and root.is_dir():  # clones and nbgrader's folders are named after it
        nbgrader = root.name == "submitted" or (root / "submitted").is_dir()
        name = args.assignment if nbgrader or any((item / ".git").exists() for item in root.iterdir()) else ""
    try:
        found = list_entries(root, args.prefix or name)
    except (ValueError, OSError) as error:
        raise UsageError(str(error)) from error
    if not found.entries:
        raise UsageError(f"{args.submissions} holds no submission: expected a folder or a file per student.")
    came = attendance(found.entries, people)
    others = (f"nobody's submission, so not graded: {', '.join(found.others)}",) if found.others else ()
    came = replace(came, remarks=(*others, *came.remarks))
    for remark in came.remarks:
        batch_run.warn(remark)
    if came.missing:
        batch_run.warn(f"{len(came.missing)} of {len(people)} students handed in nothing")
    return came
