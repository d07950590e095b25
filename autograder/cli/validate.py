"""Tell before you hand in what the grader will see: which functions, in which cell and line, what is missing.

Nothing is run, and nothing is said of right or wrong; `handgrad check` does that. Without names: all exercises of the
units that the submission has something of. Exit code 0 when everything is there, 1 when something is missing or not
written yet, 2 when nothing could be read.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from autograder.cli import arguments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course.catalog import Course
    from autograder.submission.preview import FoundExercise, Remark, Unread
    from autograder.submission.source import Submission


def configure(parser: argparse.ArgumentParser) -> None:
    """PATH [NAMES] [--json]."""
    parser.add_argument("path", type=arguments.path, metavar="PATH", help="a notebook, a .py file, a zip or a folder")
    arguments.add_names(parser, "expect")
    parser.add_argument("--json", action="store_true", help="for machines")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Read the submission and print what the grader will see."""
    from autograder.errors import UsageError
    from autograder.submission.folder import read_submission
    from autograder.submission.preview import find_unread, preview

    if not args.path.exists():
        raise UsageError(f"{args.path} does not exist. Name the file or the folder that you will hand in.")
    course = arguments.open_held(args, args.path)
    submission = read_submission(args.path.resolve(), course.functions)
    if course.functions.keys() <= submission.refused.keys():
        raise UsageError(next(iter(submission.refused.values())).reason)
    seen, remarks = preview(submission, course.functions)
    seen = _expected(args, course, submission, seen)
    counted = {each.origin for each in seen if each.origin}
    remarks = [remark for remark in remarks if remark.origin in counted]
    unread = [each for each in find_unread(args.path.resolve(), course.names) if each.origin in counted]
    if args.json:
        _print_json(seen, remarks, unread, submission.notes)
    else:
        from rich.console import Console

        from autograder.render.preview import preview_lines
        from autograder.render.terminal import print_lines

        print_lines(lambda page: preview_lines(seen, remarks, unread, submission.notes, page), Console())
    return 0 if seen and all(each.ready for each in seen) else 1


def _print_json(seen: list[FoundExercise], remarks: list[Remark], unread: list[Unread], notes: Sequence[str]) -> None:
    from dataclasses import asdict

    arguments.print_json({
        "exercises": [asdict(each) | {"ready": each.ready} for each in seen],
        "remarks": [asdict(each) for each in remarks],
        "unread": [asdict(each) for each in unread],
        "notes": list(notes),
    })  # fmt: skip


def _expected(
    args: argparse.Namespace, course: Course, submission: Submission, seen: list[FoundExercise]
) -> list[FoundExercise]:
    """The exercises that are named; else those of the units that it has something of; of a file that bears an
    exercise's name, that one."""
    wanted = set(arguments.picked(args, course))
    begun = [each for each in seen if each.begun]
    if not wanted and args.path.is_file() and submission.module is None:
        wanted = {each.exercise for each in begun} & (submission.sources.keys() | submission.refused.keys())
    elif not wanted:
        units = {course.folders[each.exercise].parent.name for each in begun}
        wanted = {name for name in course.names if course.folders[name].parent.name in units}
    return [each for each in seen if each.exercise in wanted]
