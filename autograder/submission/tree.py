"""Listing a stranger's folder: sorted, without following links, and never without end."""

from __future__ import annotations

import os
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from autograder.submission.file import File, Parts, Unreadable, is_ours, read_bytes
from autograder.submission.limits import DEPTH, ENTRIES

_OWN_FILES = "Hand in only the files you wrote."
TOO_MANY = f"holds more than {ENTRIES:,} files and folders. {_OWN_FILES}"
TOO_DEEP = f"is nested more than {DEPTH} folders deep. {_OWN_FILES}"

_Entry = tuple[str, str, float | None]


@dataclass
class Tree:
    """What was handed in, the shallowest first. files: all that is no folder and may be a submitted file.

    links: linked folders and other links; closed: folders that may not be listed; flaws: what may hold an answer and
    cannot be opened, with the reason.
    """

    files: dict[Parts, File] = field(default_factory=dict)
    links: list[Parts] = field(default_factory=list)
    closed: list[Parts] = field(default_factory=list)
    flaws: dict[Parts, str] = field(default_factory=dict)

    @property
    def changed(self) -> tuple[datetime | None, str]:
        """When the latest of the files was changed, in UTC and whole seconds, and who says so; None, "" if nobody."""
        found = [(file.changed, file.clock) for file in self.files.values() if file.changed is not None]
        with suppress(ValueError, OverflowError, OSError):  # a disk or an archive may say any number
            seconds, clock = max(found)
            return datetime.fromtimestamp(seconds, UTC).replace(microsecond=0), clock
        return None, ""

    def graft(self, parts: Parts, branch: Tree) -> None:
        """Everything of `branch`, as if it lay at `parts`."""
        self.files |= {parts + name: file for name, file in branch.files.items()}
        self.flaws |= {parts + name: reason for name, reason in branch.flaws.items()}
        self.links += [parts + name for name in branch.links]
        self.closed += [parts + name for name in branch.closed]


def skipped(name: str) -> bool:
    """Whether an entry is hidden, or what an editor, Python or an archiver left behind."""
    return name.startswith(".") or name in {"__pycache__", "__MACOSX"}


def one_file(root: Path, parts: Parts) -> Tree:
    """A tree of this file alone."""
    with suppress(OSError):
        return Tree({parts: File(partial(read_bytes, root, parts), os.lstat(root.joinpath(*parts)).st_mtime)})
    return Tree({parts: File(partial(read_bytes, root, parts))})


def walk(root: Path) -> Tree:
    """Everything beneath `root`; Unreadable beyond 10,000 entries or 16 levels, OSError if `root` cannot be listed.

    A listing may race with its owner; that is harmless, because reading starts at `root` again and follows no link.
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
            return sorted(_look(entry) for entry, _ in zip(entries, range(ENTRIES + 1), strict=False))
    except OSError as error:
        if not here or is_ours(error):
            raise
        tree.closed.append(here)
        return []


def _look(entry: os.DirEntry[str]) -> _Entry:
    """Its name, its kind, and when it was changed."""
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
        # A link named like a source is refused by name when it is opened, so that its student learns why.
        tree.files[parts] = File(partial(read_bytes, root, parts), changed)
