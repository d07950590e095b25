"""Check your own work: every function against the reference, with the mistake named where it is known.

Runs on your machine, in a process of its own. It is feedback, not a grade.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING

from autograder.cli import arguments
from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.report.report import Report
    from autograder.sandbox.sandbox import Sandbox

_MANY = 4
"""Least number of exercises for which a progress bar is shown."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add [NAMES] [--path DIR] [--json] [--html FILE] [-v] to the parser."""
    arguments.add_names(parser, "check")
    parser.add_argument("--path", type=arguments.path, metavar="DIR", help="your files (default: assignments/)")
    parser.add_argument("--json", action="store_true", help="print the record (docs/report-schema.md) instead")
    parser.add_argument("--html", type=arguments.path, metavar="FILE", help="also write the feedback as a page")
    parser.add_argument("-v", "--verbose", action="store_true", help="also show hints, and what passed line by line")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Grade the student's files in the local tier and print the feedback; return 0 when all passed, else 1 or 3."""
    from autograder.sandbox.sandbox import Sandbox

    if args.html and args.html.is_dir():
        raise UsageError(f"{args.html} is a folder. Name a file, such as {args.html / 'feedback.html'}.")
    with Sandbox("local") as sandbox:  # its process starts while this one imports numpy
        report = _grade(args, sandbox)
    if args.json:
        from autograder.report.json import to_json

        print(to_json(report))
    else:
        from autograder.render.terminal import print_report

        print_report(report, verbose=args.verbose, folded=not args.verbose)
    if args.html:
        from autograder.render.html import report_html
        from autograder.report.files import write_whole

        write_whole(args.html, report_html(report), durable=False)
        print(f"wrote {args.html}", file=sys.stderr)
    return {"passed": 0, "broken": 3}.get(report.status, 1)


def _grade(args: argparse.Namespace, sandbox: Sandbox) -> Report:
    from autograder.frontends.watch.progress import load, save
    from autograder.grading.grader import grade
    from autograder.grading.pipeline import Options
    from autograder.submission.folder import read_submission

    course, path = arguments.open_files(args)
    names = arguments.named(args, course)
    submission = read_submission(path, course.functions)
    if not (args.names or args.assignment) and submission.module is None:
        names = [name for name in names if name in submission.sources or name in submission.refused]
    if not names:
        raise UsageError(" ".join((f"nothing to check in {path}.", *submission.notes)))
    options, hashed = Options(reveal=True), bool(args.json or args.html)
    shown = iter if len(names) < _MANY else partial(arguments.progress, "checking", total=len(names))
    report = grade(submission, course, course.exercises(names), sandbox, options, hashed=hashed, shown=shown)
    folder = (path if path.is_dir() else path.parent).resolve()
    if not folder.is_relative_to(course.root) or folder.is_relative_to(course.root / "assignments"):
        progress = load(folder)  # what is done, for `list` and `watch`; not of the course's own solutions
        for exercise in report.exercises:
            progress.note(exercise)
        save(folder, progress)
    return report
