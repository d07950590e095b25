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


def add_tier(parser: argparse.ArgumentParser, default: str = "the best this machine has") -> None:
    """--tier TIER. The local tier confines nothing, so no file may choose it."""
    parser.add_argument("--tier", choices=("sealed", "guarded", "local"), help=f"default: {default}")


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


def open_course(args: argparse.Namespace) -> Course:
    """The course named by --course, else the one that this folder lies in. A student's release will not do."""
    from autograder.catalog import find_course
    from autograder.errors import CourseError
    from autograder.release.held import find_release

    start = args.course or path(".")
    try:
        return find_course(start)
    except CourseError as error:
        if find_release(start) is None:
            raise
        words = f"{start.resolve()} is a student's release, and this needs the course itself"
        raise CourseError(f"{words}, which holds solutions/: name it with --course.") from error


def open_held(args: argparse.Namespace, start: Path | None = None) -> Course:
    """The course or the release named by --course, else the one that `start` or this folder lies in."""
    from autograder.errors import CourseError
    from autograder.release.held import find_held

    if args.course:
        return find_held(args.course)
    if start:
        with suppress(CourseError):
            return find_held(start)
    return find_held(path("."))


def open_files(args: argparse.Namespace) -> tuple[Course, Path]:
    """The course or the release, and where the student's own answers are: --path, else assignments/ or this folder."""
    from autograder.errors import UsageError

    course = open_held(args, args.path)
    where = args.path or _own_files(course.root)
    if not where.exists():
        raise UsageError(f"{where} does not exist. Name the folder of your files with --path.")
    return course, where


def _own_files(root: Path) -> Path:
    """This folder when it lies inside the course's assignments or outside the course, else assignments/."""
    here, assignments = path(".").resolve(), root / "assignments"
    inside = here.is_relative_to(root) and not here.is_relative_to(assignments)
    return assignments if inside and assignments.is_dir() else here
