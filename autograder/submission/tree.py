"""List an untrusted folder: sorted, without following links, up to a limit."""

from __future__ import annotations

import os
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from autograder.submission.file import File, Parts, Unreadable, is_machine_error, read_bytes
from autograder.submission.limits import DEPTH, ENTRIES

_OWN_FILES = "Hand in only the files you wrote."
TOO_MANY = f"holds more than {ENTRIES:,} files and folders. {_OWN_FILES}"
TOO_DEEP = f"is nested more than {DEPTH} folders deep. {_OWN_FILES}"

_Entry = tuple[str, str, float | None]


@dataclass
class Tree:
    """Files of a submission, the shallowest first."""

    files: dict[Parts, File] = field(default_factory=dict)
    """Files by path; may include links named like a source, which are refused when read."""
    links: list[Parts] = field(default_factory=list)
    """Links that are not followed."""
    closed: list[Parts] = field(default_factory=list)
    """Folders that may not be listed."""
    flaws: dict[Parts, str] = field(default_factory=dict)
    """Files that cannot be opened, with the reason."""

    @property
    def changed(self) -> tuple[datetime | None, str]:
        """Return the time of the latest change in UTC and whole seconds, and its source; None, "" if unknown."""
        found = [(file.changed, file.clock) for file in self.files.values() if file.changed is not None]
        with suppress(ValueError, OverflowError, OSError):  # a disk or an archive may hold any number
            seconds, clock = max(found)
            return datetime.fromtimestamp(seconds, UTC).replace(microsecond=0), clock
        return None, ""

    def graft(self, parts: Parts, branch: Tree) -> None:
        """Add everything of `branch` below `parts`."""
        self.files |= {parts + name: file for name, file in branch.files.items()}
        self.flaws |= {parts + name: reason for name, reason in branch.flaws.items()}
        self.links += [parts + name for name in branch.links]
        self.closed += [parts + name for name in branch.closed]


def skipped(name: str) -> bool:
    """Return whether a name is hidden, or made by an editor, Python or an archiver."""
    return name.startswith(".") or name in {"__pycache__", "__MACOSX"}


def one_file(root: Path, parts: Parts) -> Tree:
    """Return a tree of this file alone."""
    with suppress(OSError):
        return Tree({parts: File(partial(read_bytes, root, parts), os.lstat(root.joinpath(*parts)).st_mtime)})
    return Tree({parts: File(partial(read_bytes, root, parts))})


def walk(root: Path) -> Tree:
    """Return all files below `root`; Unreadable beyond 10,000 entries or 16 levels, OSError if it cannot be listed.

    The folder may change while it is listed; that is harmless, because reading starts at `root` again and follows no
    link.
    """
    tree, queue, seen = Tree(), deque[Parts]([()]), 0
    while queue:
        here = queue.popleft()
        found = _list(root, here, tree)
        seen += len(found)
        if seen > ENTRIES:
            raise Unreadable(TOO_MANY)
        for name, kind, changed in found:
            _sort_in(tree, queue, root, (*here, name), kind, changed)
    return tree


def _list(root: Path, here: Parts, tree: Tree) -> list[_Entry]:
    try:
        with os.scandir(root.joinpath(*here)) as entries:
            return sorted(_facts_of(entry) for entry, _ in zip(entries, range(ENTRIES + 1), strict=False))
    except OSError as error:
        if not here or is_machine_error(error):
            raise
        tree.closed.append(here)
        return []


def _facts_of(entry: os.DirEntry[str]) -> _Entry:
    """Return the name, the kind, and the time of the last change."""
    if entry.is_symlink():
        return entry.name, "link", None
    if entry.is_dir(follow_symlinks=False):
        return entry.name, "folder", None
    with suppress(OSError):
        return entry.name, "file", entry.stat(follow_symlinks=False).st_mtime
    return entry.name, "file", None


def _sort_in(tree: Tree, queue: deque[Parts], root: Path, parts: Parts, kind: str, changed: float | None) -> None:
    if skipped(parts[-1]):
        return
    if kind == "folder":
        if len(parts) > DEPTH:
            raise Unreadable(TOO_DEEP)
        queue.append(parts)
    elif kind == "link" and not parts[-1].casefold().endswith(".py"):
        tree.links.append(parts)
    else:
        # A link named like a source is kept, so that it is refused by name when it is opened.
        tree.files[parts] = File(partial(read_bytes, root, parts), changed)
