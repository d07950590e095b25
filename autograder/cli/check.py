"""Check your own work: every function against the reference, with the mistake named where it is known.

Runs on your machine, in a process of its own. It is feedback, not a grade.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from autograder.cli import arguments
from autograder.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from autograder.course.catalog import Course
    from autograder.report.report import Report
    from autograder.sandbox import Sandbox
    from autograder.spec.exercise import Exercise

_MANY = 4


def configure(parser: argparse.ArgumentParser) -> None:
    """[NAMES] [--path DIR] [--json] [--html FILE]."""
    arguments.add_names(parser, "check")
    parser.add_argument("--path", type=arguments.path, metavar="DIR", help="your files (default: assignments/)")
    parser.add_argument("--json", action="store_true", help="print the record (docs/report-schema.md) instead")
    parser.add_argument("--html", type=arguments.path, metavar="FILE", help="also write the feedback as a page")
    parser.add_argument("-v", "--verbose", action="store_true", help="also show hints, and what passed line by line")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Grade the files in the local tier; exit 0 when all passed."""
    from autograder.sandbox import Sandbox

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
        _write_page(args.html, report)
    return {"passed": 0, "broken": 3}.get(report.status, 1)


def _write_page(path: Path, report: Report) -> None:
    from autograder.render.html import report_html
    from autograder.report.files import write_whole

    write_whole(path, report_html(report), durable=False)
    print(f"wrote {path}", file=sys.stderr)


def _grade(args: argparse.Namespace, sandbox: Sandbox) -> Report:
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
    report = grade(submission, course, course.exercises(names), sandbox, options, hashed=hashed, shown=_shown)
    _remember(course, path, report)
    return report


def _remember(course: Course, path: Path, report: Report) -> None:
    """Keep what is done, for `list` and `watch`; not for the course's own solutions."""
    from autograder.frontends.watch.progress import load, save

    folder = (path if path.is_dir() else path.parent).resolve()
    if folder.is_relative_to(course.root) and not folder.is_relative_to(course.root / "assignments"):
        return
    progress = load(folder)
    for exercise in report.exercises:
        progress.note(exercise)
    save(folder, progress)


def _shown(exercises: Sequence[Exercise]) -> Iterable[Exercise]:
    """Return the exercises, behind a progress bar where there are many and the output is a terminal."""
    return exercises if len(exercises) < _MANY else arguments.progress("checking", exercises, len(exercises))
