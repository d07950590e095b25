"""What commands share: the arguments that name the course and the exercises, and the output for machines."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.course.catalog import Course


def add_course(parser: argparse.ArgumentParser) -> None:
    """Add --course DIR."""
    parser.add_argument(
        "--course", type=path, metavar="DIR", help="the course's folder (default: the one this folder lies in)"
    )


def add_tier(parser: argparse.ArgumentParser, default: str = "the best this machine has") -> None:
    """Add --tier TIER. The local tier confines nothing, so no file may choose it."""
    parser.add_argument("--tier", choices=("sealed", "guarded", "local"), help=f"default: {default}")


def add_names(parser: argparse.ArgumentParser, what: str) -> None:
    """Add [NAMES] and --assignment NAME."""
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"exercises or units to {what} (default: all)")
    add_assignment(parser)


def add_assignment(parser: argparse.ArgumentParser) -> None:
    """Add --assignment NAME."""
    parser.add_argument(
        "--assignment", default="", metavar="NAME", help="the exercises of this assignment in course.toml, or of a unit"
    )


def named(args: argparse.Namespace, course: Course) -> list[str]:
    """Return the exercises that [NAMES] and --assignment name, in the course's order; all where there is neither."""
    return picked(args, course) or course.names


def picked(args: argparse.Namespace, course: Course) -> list[str]:
    """Return the exercises that [NAMES] and --assignment name; none where there is neither."""
    from autograder.course.policy import assignment

    theirs = assignment(course, args.assignment).exercises if args.assignment else ()
    return list(dict.fromkeys([*course.pick(args.names), *theirs]))


def path(text: str) -> Path:
    """Convert an argument to a Path; pathlib is imported here, so `--help` does without it."""
    from pathlib import Path

    return Path(text)


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    import json

    print(json.dumps(value, indent=2))


def open_course(args: argparse.Namespace, graded: Path | None = None) -> Course:
    """Open the course named by --course, else the one that the working folder lies in. A student's release will not do.

    graded: what is graded, which holds no course.
    """
    from autograder.course.release_folder import Release
    from autograder.errors import CourseError

    course = open_held(args, graded)
    if isinstance(course, Release):
        words = f"{course.root} is a student's release, and this needs the course itself"
        raise CourseError(f"{words}, which holds solutions/: name it with --course.")
    return course


def open_held(args: argparse.Namespace, graded: Path | None = None) -> Course:
    """Open the course or release named by --course, else the one that the working folder lies in. graded: as above."""
    from autograder.course.release_folder import find_course_or_release

    return find_course_or_release(args.course) if args.course else _outside(find_course_or_release(path(".")), graded)


def _outside(held: Course, graded: Path | None) -> Course:
    """Return the course, if opening it imports nothing of what is graded; a release holds no code."""
    from autograder.course.release_folder import Release
    from autograder.errors import CourseError

    if graded and not isinstance(held, Release) and held.root.is_relative_to(graded.resolve()):
        words = f"the course {held.root} lies inside {graded}, which is graded: its spec.py files would be run"
        raise CourseError(f"{words}. Name your course with --course.")
    return held


def open_files(args: argparse.Namespace) -> tuple[Course, Path]:
    """Open the course or release, and find the student's files: --path, else assignments/ or the working folder."""
    from autograder.errors import UsageError

    course = open_held(args, args.path)
    where = args.path or _own_files(course.root)
    if not where.exists():
        raise UsageError(f"{where} does not exist. Name the folder of your files with --path.")
    return course, where


def _own_files(root: Path) -> Path:
    """Return the working folder when it lies inside the course's assignments or outside the course, else
    assignments/."""
    here, assignments = path(".").resolve(), root / "assignments"
    inside = here.is_relative_to(root) and not here.is_relative_to(assignments)
    return assignments if inside and assignments.is_dir() else here
