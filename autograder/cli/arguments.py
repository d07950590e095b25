"""Parts that commands share: the parser, the arguments that name course and exercises, progress, and messages.

A message for a path that cannot be read or written says which path it is, why, and how to repair it.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from autograder.errors import CourseError, UsageError, nearest

if TYPE_CHECKING:
    from pathlib import Path

    from autograder.course.catalog import Course

Item = TypeVar("Item")


class Parser(argparse.ArgumentParser):
    """Argument parser whose error for an invalid choice names the nearest valid choice, and all of them."""

    def parse_words(self, words: Sequence[str]) -> argparse.Namespace:
        """Parse the arguments; options may stand between names, unless the last argument takes all that follow."""
        if any(action.nargs == argparse.REMAINDER for action in self._actions):
            return self.parse_args(words)
        return self.parse_intermixed_args(words)

    def error(self, message: str) -> NoReturn:
        """Print the message and how to get help; exit 2."""
        self.exit(2, f"handgrad: {message}\n`{self.prog} --help` shows how it is used.\n")

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is None or value in action.choices:
            return
        word, choices = str(value), list(map(str, action.choices))
        (near,) = nearest(word, choices, 1, 0.6) or [""]
        shown = f"`{self.prog} {near}`" if isinstance(action, argparse._SubParsersAction) else near
        guess, known = f" Did you mean {shown}?" if near else "", ", ".join(choices)
        if action.option_strings:
            self.error(f"{'/'.join(action.option_strings)} cannot be {word}.{guess} Choices: {known}.")
        self.error(f"there is no {action.dest} {word}.{guess} {action.dest.capitalize()}s: {known}.")


def add_course(parser: argparse.ArgumentParser) -> None:
    """Add --course DIR to a parser."""
    words = "the course's folder (default: the one this folder lies in)"
    parser.add_argument("--course", type=path, metavar="DIR", help=words)


def add_tier(parser: argparse.ArgumentParser, default: str = "the best this machine has") -> None:
    """Add --tier TIER to a parser. The local tier confines nothing, so only the command line can select it."""
    parser.add_argument("--tier", choices=("sealed", "guarded", "local"), help=f"default: {default}")


def add_names(parser: argparse.ArgumentParser, what: str) -> None:
    """Add [NAMES] and --assignment NAME to a parser. what: verb for the help, such as "check"."""
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"exercises or units to {what} (default: all)")
    add_assignment(parser)


def add_assignment(parser: argparse.ArgumentParser) -> None:
    """Add --assignment NAME to a parser."""
    words = "the exercises of this assignment in course.toml, or of a unit"
    parser.add_argument("--assignment", default="", metavar="NAME", help=words)


def named(args: argparse.Namespace, course: Course) -> list[str]:
    """Return the exercises that [NAMES] and --assignment select, in the course's order; all if neither is given."""
    return picked(args, course) or course.names


def picked(args: argparse.Namespace, course: Course) -> list[str]:
    """Return the exercises that [NAMES] and --assignment select; an empty list if neither is given."""
    named = course.pick(args.names)
    if not args.assignment:
        return named
    from autograder.course.policy.course import assignment

    return list(dict.fromkeys([*named, *assignment(course, args.assignment).exercises]))


def positive(text: str) -> int:
    """Convert an argument to a number of processes, at least 1."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of processes; give 1 or more")
    return int(text)


def path(text: str) -> Path:
    """Convert an argument to a Path; pathlib is imported here, so `--help` does without it."""
    from pathlib import Path

    return Path(text)


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, indent=2))


def open_course(args: argparse.Namespace, graded: Path | None = None) -> Course:
    """Return the course named by --course, else the one that the working folder lies in; CourseError for a release.

    graded: folder or file of submissions; a course inside it is refused, because its code would be run.
    """
    from autograder.course.release_folder import Release

    course = open_held(args, graded)
    if isinstance(course, Release):
        words = f"{course.root} is a student's release, and this needs the course itself"
        raise CourseError(f"{words}, which holds solutions/: name it with --course.")
    return course


def open_held(args: argparse.Namespace, graded: Path | None = None) -> Course:
    """Return the course or release named by --course, else the one that the working folder lies in. CourseError for a
    course inside `graded`, the folder of submissions, because its code would be run; a release holds none."""
    from autograder.course.release_folder import Release, find_course_or_release

    held = find_course_or_release(args.course or path("."))
    if graded and not args.course and not isinstance(held, Release) and held.root.is_relative_to(graded.resolve()):
        words = f"the course {held.root} lies inside {graded}, which is graded: its spec.py files would be run"
        raise CourseError(f"{words}. Name your course with --course.")
    return held


def open_files(args: argparse.Namespace) -> tuple[Course, Path]:
    """Return the course or release, and the path of the student's files: --path, else the working folder if it lies in
    the course's assignments/ or outside the course, else assignments/."""
    course, here = open_held(args, args.path), path(".").resolve()
    assignments = course.root / "assignments"
    elsewhere = here.is_relative_to(course.root) and not here.is_relative_to(assignments)
    where = args.path or (assignments if elsewhere and assignments.is_dir() else here)
    if not where.exists():
        raise UsageError(f"{where} does not exist. Name the folder of your files with --path.")
    return course, where


def progress(words: str, items: Iterable[Item], total: int) -> Iterable[Item]:
    """Return the items; while they are iterated over, a bar on a terminal's stderr shows progress and the time left.

    words: the work's name; total: the number of items.
    """
    if not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, words, total, console=Console(stderr=True), transient=True)


_WORDS = {
    errno.ENOENT: "does not exist. Check how it is spelled",
    errno.ENOTDIR: "lies below a file, or is a file where a folder is needed. Name a folder",
    errno.EEXIST: "is there and is no folder. Name a folder, or another place",
    errno.EISDIR: "is a folder, and a file is needed. Name a file",
    errno.EACCES: "may not be read or written by this user. Change its permissions, or name another place",
    errno.EPERM: "may not be changed by this user. Name another place",
    errno.EROFS: "lies on a disk that can only be read. Name another place",
    errno.ENAMETOOLONG: "is too long for a path. Name a shorter one",
    errno.ELOOP: "is a link that leads to itself. Name what it should lead to",
    errno.EXDEV: "lies on another disk. Name a place on the same one",
}
_FULL = {
    errno.ENOSPC: "the disk is full. Make room",
    errno.EDQUOT: "this user may use no more of the disk. Make room",
    errno.EFBIG: "a file may not be that large here (`ulimit -f`). Raise the limit",
}
_SQLITE = {
    "SQLITE_FULL": _FULL[errno.ENOSPC],
    "SQLITE_READONLY": "it may only be read. Change its permissions, or name another place",
    "SQLITE_CANTOPEN": "a file beside it cannot be made. Change the folder's permissions, or name another place",
    "SQLITE_IOERR": "the disk reports an error. Look at its health, or name another place",
}


def path_fault(error: BaseException, where: object = "a file") -> str:
    """Return a message for an OSError about a path: which one, why, and the repair; "" for an error about none.

    where: the path that was written to, for errors that name none.
    """
    if type(error).__module__ == "sqlite3":
        name = str(getattr(error, "sqlite_errorname", ""))
        words = next((words for start, words in _SQLITE.items() if name.startswith(start)), "")
        return f"{where} cannot be written: {words}." if words else ""
    if isinstance(error, RuntimeError) and str(error).startswith("Symlink loop from "):  # before Python 3.13
        return f"{str(error).removeprefix('Symlink loop from ')} {_WORDS[errno.ELOOP]}."
    if not isinstance(error, OSError):
        return ""
    if error.errno in _FULL:
        return f"{_path(error) or where} cannot be written: {_FULL[error.errno]}."
    path = _path(error)
    if not path or path.startswith("/proc/self/"):
        return ""
    if error.errno in (errno.ENOENT, errno.EEXIST) and os.path.islink(path) and not os.path.exists(path):
        return f"{path} is a link to {os.readlink(path)}, which does not exist. Name what it should lead to."
    return f"{path} {_WORDS[error.errno]}." if error.errno in _WORDS else ""


def _path(error: OSError) -> str:
    """Return the path that an error names; for the draft of a file (autograder/report/files.py) the file's own path."""
    if not isinstance(error.filename, str | bytes | os.PathLike):
        return ""
    folder, name = os.path.split(os.fsdecode(error.filename))
    drafted = name.startswith(".") and name.endswith(".draft")
    return os.path.join(folder, name.removeprefix(".").removesuffix(".draft") if drafted else name)
