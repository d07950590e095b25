"""Verify results: nobody changed them since they were graded with the course's key, HANDGRAD_KEY.

With --submissions also: they are about what was handed in there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from autograder.batch.journal import NAME, changed_rows
from autograder.cli import arguments
from autograder.course.policy.course import course_rules
from autograder.errors import CourseError, UsageError
from autograder.platforms.graded import report_paths
from autograder.report.json import read_intact
from autograder.report.report import Report
from autograder.submission.choice import Names
from autograder.submission.folder import read_submission
from autograder.submission.listing import list_entries
from autograder.submission.source import slug


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS... [--submissions DIR] [--course DIR] to the parser."""
    words = "a folder that `grade` wrote, or single reports"
    parser.add_argument("results", nargs="+", type=arguments.path, metavar="RESULTS", help=words)
    words = "compare the hashes with what was handed in there"
    parser.add_argument("--submissions", type=arguments.path, metavar="DIR", help=words)
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Verify each result and print what was changed; return 0 when no result was changed, else 1."""
    key = course_rules(args.course).key()
    if not key:
        raise UsageError("there is no key: set HANDGRAD_KEY to the one that the results were graded with.")
    paths = [path for given in args.results for path in report_paths(given)]
    if args.submissions and not args.submissions.is_dir():
        raise UsageError(f"{args.submissions} is no folder. Give the folder of submissions that was graded.")
    wrong = {path: words for path in paths if (words := _flaw(path, key, args))}
    print(f"{len(paths) - len(wrong)} of {len(paths)} results are as they were graded.")
    journals = dict.fromkeys(given / NAME for given in args.results if (given / NAME).is_file())
    wrong |= {path: "; ".join(changed) for path in journals if (changed := changed_rows(path, key))}
    for path, words in wrong.items():
        print(f"{path}: {words}", file=sys.stderr)
    return 1 if wrong else 0


def _flaw(path: Path, key: str, args: argparse.Namespace) -> str:
    try:
        report = read_intact(path.read_text(encoding="utf-8"), key)
    except (ValueError, OSError) as error:
        return str(error)
    if path.parent.name == "reports" and path.stem != slug(report.submission):
        return f"is the result of {report.submission}, under another's name"
    return "; ".join(_differences(report, args)) if args.submissions else ""


def _differences(report: Report, args: argparse.Namespace) -> Iterator[str]:
    entry = next((item for item in list_entries(args.submissions).entries if item.student == report.submission), None)
    if entry is None:
        yield f"no submission of {report.submission} in {args.submissions}"
        return
    names: Names = {each.name: {found.function for found in each.findings} for each in report.exercises}
    with suppress(CourseError):  # where no course is at hand, the report says what was asked
        names = arguments.open_held(args).functions
    found = read_submission(entry, names)
    for exercise in report.exercises:
        source = found.sources.get(exercise.name) or (found.module if exercise.source else None)
        if (source.sha256 if source else None) != exercise.source:
            yield f"{exercise.name} was graded from other bytes than those in {args.submissions}"
