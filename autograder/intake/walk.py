"""Listing a stranger's folder: sorted, without following links, and never without end."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from autograder.intake.file import Unreadable

ENTRIES = 10_000
DEPTH = 16
_OWN_FILES = "Hand in only the files you wrote."

Parts = tuple[str, ...]


@dataclass
class Tree:
    """Ways beneath a folder, the shallowest first. files: all that is no folder and may be a submitted file.

    links: linked folders and other links; closed: folders that may not be listed.
    """

    files: list[Parts] = field(default_factory=list)
    links: list[Parts] = field(default_factory=list)
    closed: list[Parts] = field(default_factory=list)


def skipped(name: str) -> bool:
    """Whether an entry is hidden, or what an editor, Python or an archiver left behind."""
    return name.startswith(".") or name in {"__pycache__", "__MACOSX"}


def walk(root: Path) -> Tree:
    """Everything beneath `root`; Unreadable beyond 10,000 entries or 16 levels, OSError if `root` cannot be listed.

    A listing may race with its owner; that is harmless, because reading starts at `root` again and follows no link.
    """
    tree, queue, seen = Tree(), deque[Parts]([()]), 0
    while queue:
        here = queue.popleft()
        names = _names(root, here, tree)
        seen += len(names)
        if seen > ENTRIES:
            raise Unreadable(f"holds more than {ENTRIES:,} files and folders. {_OWN_FILES}")
        for name, kind in names:
            _sort_in(tree, queue, (*here, name), kind)
    return tree


def _names(root: Path, here: Parts, tree: Tree) -> list[tuple[str, str]]:
    try:
        with os.scandir(root.joinpath(*here)) as entries:
            return sorted((entry.name, _kind(entry)) for entry, _ in zip(entries, range(ENTRIES + 1), strict=False))
    except OSError:
        if not here:
            raise
        tree.closed.append(here)
        return []


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "link"
    return "folder" if entry.is_dir(follow_symlinks=False) else "file"


def _sort_in(tree: Tree, queue: deque[Parts], parts: Parts, kind: str) -> None:
    if skipped(parts[-1]):
        return
    if kind == "folder":
        if len(parts) > DEPTH:
            raise Unreadable(f"is nested more than {DEPTH} folders deep. {_OWN_FILES}")
        queue.append(parts)
    elif kind == "link" and not parts[-1].casefold().endswith(".py"):
        tree.links.append(parts)
    else:
        # A link named like a source is refused by name when it is opened, so that its student learns why.
        tree.files.append(parts)
