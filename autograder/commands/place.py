"""What commands share: the arguments that name the course and the exercises, and the output for machines."""

from __future__ import annotations

import argparse
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.catalog import Course


def add_course(parser: argparse.ArgumentParser) -> None:
    """--course DIR."""
    parser.add_argument(
        "--course", type=path, metavar="DIR", help="the course's folder (default: the one this folder lies in)"
    )


def add_names(parser: argparse.ArgumentParser, what: str) -> None:
    """[NAMES]."""
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"exercises or units to {what} (default: all)")


def path(text: str) -> Path:
    """An argument's type; `--help` does without pathlib."""
    from pathlib import Path

    return Path(text)


def print_json(value: Any) -> None:
    """For machines."""
    import json

    print(json.dumps(value, indent=2))


def open_course(args: argparse.Namespace, start: Path | None = None) -> Course:
    """The course named by --course, else the one that `start` or this folder lies in."""
    from autograder.catalog import find_course
    from autograder.errors import CourseError

    if args.course:
        return find_course(args.course)
    if start:
        with suppress(CourseError):
            return find_course(start)
    return find_course(path("."))


def open_files(args: argparse.Namespace) -> tuple[Course, Path]:
    """The course, and the folder or file of the student's own answers: --path, else assignments/ or this folder."""
    from autograder.errors import UsageError

    course = open_course(args, args.path)
    where = args.path or _own_files(course.root)
    if not where.exists():
        raise UsageError(f"{where} does not exist. Name the folder of your files with --path.")
    return course, where


def _own_files(root: Path) -> Path:
    """This folder when it lies inside the course's assignments or outside the course, else assignments/."""
    here, assignments = path(".").resolve(), root / "assignments"
    inside = here.is_relative_to(root) and not here.is_relative_to(assignments)
    return assignments if inside and assignments.is_dir() else here
