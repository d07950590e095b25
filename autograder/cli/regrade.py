"""Grade again what a change of the course touches, and look before anything is written.

Only exercises whose files have changed are graded, each program once. The answers come from RESULTS/journal.sqlite.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from autograder.cli import arguments, batch_run
from autograder.errors import UsageError
from autograder.render.page import amount, logged

if TYPE_CHECKING:
    from autograder.batch.standings import GradeChange, LastRun
    from autograder.batch.worker import BatchTerms
    from autograder.course.catalog import Course

_REASONS = 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS [--diff | --apply] [--json] [--assignment NAME] [--tier TIER] [--student GLOB] to the parser."""
    parser.add_argument("results", type=arguments.path, help="the folder that `handgrad grade` has written")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--diff", action="store_true", help="list who would move, by how much and why (the default)")
    which.add_argument("--apply", action="store_true", help="let the new grades stand; the journal keeps the old ones")
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each grade that would move")
    arguments.add_assignment(parser)
    arguments.add_tier(parser, "the one that the class was graded in, if it confines")
    batch_run.configure(parser)


def run(args: argparse.Namespace) -> int:
    """Grade again what has changed; return 0 if no grade changes or --apply is given, 1 if one would, 3 for a fault."""
    return batch_run.guarded(lambda: _regrade(args), args.results)


def _regrade(args: argparse.Namespace) -> int:
    from autograder.batch.journal import NAME, Journal
    from autograder.batch.plan import begin, tally
    from autograder.batch.standings import changes, last_run, post
    from autograder.course.policy.course import rules

    if not (args.results / NAME).is_file():
        raise UsageError(f"{args.results} holds no {NAME}. Give the folder that `handgrad grade` has written.")
    course = arguments.open_course(args)
    with Journal(args.results, rules(course).key()) as journal:
        under, everybody = _terms(args, course, last_run(journal)), journal.students()
        students = batch_run.chosen(args.student, everybody)
        begin(journal, under, "regrade", students)
        before = tally(journal)
        with batch_run.executors(args, max(before.missing, 1)) as (_, graders):
            graded = batch_run.grade_rest(journal, under, graders)
        after = tally(journal)
        moved = 0
        for moved, move in enumerate(changes(journal), 1):  # noqa: B007
            print(json.dumps({**asdict(move), "by": move.by}) if args.json else "\n".join(told(move)))
        done = args.apply and not after.missing
        if done:
            post(journal)
            batch_run.write(journal, under, args.results)
    print(batch_run.account(before, after, graded), file=sys.stderr)
    if done:
        words = f"{amount(moved, 'grade')} changed; {args.results} is written, and the old grades stay in the journal."
    elif args.apply:
        words = "Nothing was applied, because not everything could be graded."
    else:
        effect = "`--apply` changes them." if moved else "There is nothing to apply."
        words = f"{amount(moved, 'grade')} would change. {effect}"
    print(words, file=sys.stderr)
    return 3 if after.missing else int(moved > 0 and not done)


def _terms(args: argparse.Namespace, course: Course, last: LastRun) -> BatchTerms:
    """Return the last `grade`'s terms with the present course; UsageError where --tier local is needed and missing."""
    from autograder.batch.plan import key_code
    from autograder.batch.worker import Batch, terms
    from autograder.course.policy.course import assignment, rules
    from autograder.grading.pipeline import Options
    from autograder.report.json import GRADES

    if not args.tier and last.tier not in GRADES:
        words = f"the class was graded in the tier {last.tier}, which confines nothing"
        raise UsageError(f"{words}. Name one with --tier; `--tier local` runs the answers with your own rights.")
    gone = [name for name in last.exercises if name not in course.folders]
    if gone:
        raise UsageError(f"{', '.join(gone)} was graded and is not in {course.root}. Name the course with --course.")
    names = {*last.exercises, *last.earlier.intersection(course.folders)}
    if args.assignment:
        names &= {*assignment(course, args.assignment).exercises}
        if not names:
            raise UsageError(f"no exercise of {args.assignment} was graded into {args.results}.")
    ordered = tuple(each.name for each in course.exercises(names))
    under = terms(Batch(course, ordered, args.tier or last.tier, Options(rules(course).key(), last.skip)))
    if key_code(under) != last.key:
        raise UsageError("the class was graded with another key. Set HANDGRAD_KEY as it was then.")
    return under


def told(move: GradeChange) -> list[str]:
    """Return the lines of text that describe a grade change."""
    grades = " → ".join(f"{grade.status} {grade.score:g}/{grade.max_score:g}" for grade in (move.before, move.after))
    more = [f"and {len(move.findings) - _REASONS} more"] if len(move.findings) > _REASONS else []
    why = [f"changed: {', '.join(move.causes)}"] if move.causes else []
    lines = [f"{move.student}  {move.exercise}  {grades}  ({move.by:+g})",
             *(f"    {words}" for words in (*move.findings[:_REASONS], *more, *why))]  # fmt: skip
    return list(map(logged, lines))
