"""Where a command works: the arguments that name the course and the exercises."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.catalog import Course


def add_course(parser: argparse.ArgumentParser) -> None:
    """--course DIR."""
    parser.add_argument(
        "--course", type=Path, metavar="DIR", help="the course's folder (default: the one this folder lies in)"
    )


def add_names(parser: argparse.ArgumentParser, what: str) -> None:
    """[NAMES]."""
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"exercises or units to {what} (default: all)")


def open_course(args: argparse.Namespace, start: Path = Path(".")) -> Course:
    """The course named by --course, else the one that `start` or this folder lies in."""
    from autograder.catalog import find_course
    from autograder.errors import CourseError

    if args.course:
        return find_course(args.course)
    try:
        return find_course(start)
    except CourseError:
        return find_course(Path("."))
