"""Determine when a submission was handed in."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from autograder.submission.entry import Entry
from autograder.submission.file import File, Unreadable
from autograder.submission.limits import Limit
from autograder.submission.repository import head, is_clone
from autograder.submission.tree import Tree

STAMP = "timestamp.txt"
_LINE = Limit(1024, "")
_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:[.,]\d+)?\s*(?:UTC|Z|([+-]\d\d):?(\d\d))?", re.ASCII)


@dataclass(frozen=True)
class Time:
    """Time of a submission.

    clock is "git" for the commit of a clone, "timestamp.txt" as nbgrader writes it, "archive" or "file" for the latest
    change of a file, "" if unknown. Students can set the first three themselves.
    """

    when: datetime | None = None
    """UTC in whole seconds; None if unknown."""
    clock: str = ""
    """Source of the time."""
    notes: tuple[str, ...] = ()
    """Sentences about the time."""
    commit: str | None = None
    """Commit of a clone, in hex."""


def submission_time(where: Entry, tree: Tree) -> Time:
    """Return the time of a submission whose files are in `tree`."""
    if not where.files and is_clone(where.path):
        return _of_commit(where)
    stamps = [file for parts, file in tree.files.items() if parts[-1] == STAMP and len(parts) <= 2]
    if stamps:
        return _of_stamps(stamps)
    return Time(*tree.changed) if where.dated else Time()


def _of_commit(where: Entry) -> Time:
    commit = head(where.path)
    if commit is None:
        return Time(notes=("The time of its last commit could not be read.",))
    note = f"Commit {commit.sha[:12]} of {commit.when:%Y-%m-%d %H:%M:%S} UTC."
    return Time(commit.when, "git", (note,), commit.sha)


def _of_stamps(stamps: list[File]) -> Time:
    found = [when for file in stamps if (when := _read(file))]
    return Time(max(found), STAMP) if found else Time(notes=(f"{STAMP} was not understood.",))


def _read(file: File) -> datetime | None:
    with suppress(Unreadable, UnicodeDecodeError, ValueError, OverflowError):
        written = _WRITTEN.fullmatch(file.read(_LINE).decode("ascii").strip())
        if written:
            day, time, hours, minutes = written.groups()
            return datetime.fromisoformat(f"{day}T{time}{hours or '+00'}:{minutes or '00'}").astimezone(UTC)
    return None
