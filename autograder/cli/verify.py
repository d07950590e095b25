"""Verify results: nobody changed them since they were graded with the course's key, HANDGRAD_KEY."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from autograder.batch.journal import NAME, changed_rows
from autograder.cli import arguments
from autograder.course.policy.course import course_rules
from autograder.errors import UsageError
from autograder.platforms.graded import report_paths
from autograder.report.json import read_intact
from autograder.submission.source import slug


def configure(parser: argparse.ArgumentParser) -> None:
    """RESULTS... [--course DIR]."""
    words = "a folder that `grade` wrote, or single reports"
    parser.add_argument("results", nargs="+", type=arguments.path, metavar="RESULTS", help=words)
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Say what is wrong with each; exit 0 when every result is as it was written."""
    key = course_rules(args.course).key()
    if not key:
        raise UsageError("there is no key: set HANDGRAD_KEY to the one that the results were graded with.")
    paths = [path for given in args.results for path in report_paths(given)]
    wrong = {path: words for path in paths if (words := _flaw(path, key))}
    print(f"{len(paths) - len(wrong)} of {len(paths)} results are as they were graded.")
    journals = dict.fromkeys(given / NAME for given in args.results if (given / NAME).is_file())
    wrong |= {path: "; ".join(changed) for path in journals if (changed := changed_rows(path, key))}
    for path, words in wrong.items():
        print(f"{path}: {words}", file=sys.stderr)
    return 1 if wrong else 0


def _flaw(path: Path, key: str) -> str:
    try:
        report = read_intact(path.read_text(encoding="utf-8"), key)
    except (ValueError, OSError) as error:
        return str(error)
    if path.parent.name == "reports" and path.stem != slug(report.submission):
        return f"is the result of {report.submission}, under another's name"
    return ""
