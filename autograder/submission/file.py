"""Read untrusted files and folders: regular files only, without following links, up to limits."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path

from autograder.errors import GraderFault

MIB = 1 << 20


@dataclass(frozen=True)
class Limit:
    """Limit on the bytes of one file, and the repair for a larger one."""

    most: int
    repair: str

    def exceeded(self, size: int) -> str:
        """Return a text to follow a file's name: why a file of `size` bytes is refused, and the repair."""
        return f"has {size:,} bytes; at most {self.most:,} are read. {self.repair}"


CODE = Limit(256 << 10, "Hand in only your code, without data or output.")
"""Limit for a source. An exercise has a few thousand bytes; the code cells of a notebook share one limit."""

NOTEBOOK = Limit(120 * MIB, "Clear its outputs, save it, and hand it in again.")
"""Limit for a notebook with its outputs, which are parsed and then dropped."""

ENTRIES, DEPTH = 10_000, 16
"""Files and folders of one submission, and their depth."""


Parts = tuple[str, ...]
"""Path of a file below a folder or inside an archive, in parts."""

_LINK = "is a link. Hand in the file itself."
_IRREGULAR = "is not a regular file. Hand in a plain .py file."
_DENIED = "cannot be read: permission denied. Make it readable and hand it in again."
_REASONS = {
    errno.ELOOP: _LINK,
    errno.EMLINK: _LINK,
    errno.ENXIO: _IRREGULAR,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.ENOENT: "disappeared while it was read. Hand it in again.",
    errno.ENOTDIR: "lies behind a link or a file that is no folder. Hand in the file itself.",
}
"""Error of a system call → the reason for a student."""

# Open files, memory or disk exhausted: a fault of this machine, not of the submission.
_MACHINE_ERRORS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.ENOSPC})

# A flag that the platform lacks is 0. O_NONBLOCK: opening a pipe must not wait for its writer.
_FILE = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | sum(getattr(os, flag, 0) for flag in ("O_DIRECTORY", "O_CLOEXEC"))


class Unreadable(Exception):
    """Raised for a file that is not read; its text continues the file's name: `is a link. Hand in the file itself.`"""


@dataclass(frozen=True)
class File:
    """File that may be read."""

    read: Callable[[Limit], bytes]
    """Function that returns all bytes up to a limit; it raises Unreadable if it cannot."""
    changed: float | None = None
    """Time of the last change, seconds since 1970."""
    clock: str = "file"
    """Source of that time: "file" system or "archive"."""


def refuse(reason: str) -> File:
    """Return a file whose `read` raises Unreadable with this reason."""

    def read(limit: Limit) -> bytes:
        raise Unreadable(reason)

    return File(read)


def read_bytes(root: Path, parts: Parts, limit: Limit = CODE) -> bytes:
    """Return all bytes of the file `parts` below `root`; raise Unreadable if it cannot be read or exceeds the limit.

    `root` itself is trusted; every part below it is opened without following a link.
    """
    try:
        handle = _open(root, parts)
        try:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode):
                raise Unreadable(_IRREGULAR)
            if facts.st_size > limit.most:
                raise Unreadable(limit.exceeded(facts.st_size))
            with os.fdopen(handle, "rb", closefd=False) as file:
                data = file.read(limit.most + 1)
        finally:
            os.close(handle)
    except OSError as error:
        raise Unreadable(explain(error)) from error
    if len(data) > limit.most:
        raise Unreadable(f"grew past {limit.most:,} bytes while it was read. Hand it in again.")
    return data


def explain(error: OSError) -> str:
    """Return a reason, in words for a student, for a failed system call; GraderFault if the machine caused it."""
    if error.errno in _MACHINE_ERRORS:
        raise GraderFault(f"{error.filename or 'a submission'} cannot be read on this machine: {error.strerror}")
    return _REASONS.get(error.errno or 0, f"cannot be read: {error.strerror}. Hand it in again.")


def _open(root: Path, parts: Parts) -> int:
    if os.open not in os.supports_dir_fd:  # folders cannot be held open: each part is checked for a link
        for part in parts:
            root = root / part
            if stat.S_ISLNK(os.lstat(root).st_mode):
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        return os.open(root, _FILE)
    here = os.open(root, _FOLDER)
    try:
        for part in parts[:-1]:
            inner = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = inner
        return os.open(parts[-1], _FILE, dir_fd=here)
    finally:
        os.close(here)


def check_size(entries: int, depth: int = 0) -> None:
    """Raise Unreadable for more than 10,000 files and folders in one submission, or more than 16 levels of them."""
    repair = "Hand in only the files you wrote."
    if entries > ENTRIES:
        raise Unreadable(f"holds more than {ENTRIES:,} files and folders. {repair}")
    if depth > DEPTH:
        raise Unreadable(f"is nested more than {DEPTH} folders deep. {repair}")


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

    def below(self, top: Parts) -> Tree:
        """Return the files below a folder with paths relative to it; for a file, a tree of that file at ()."""
        files = {parts[len(top) :]: file for parts, file in self.files.items() if parts[: len(top)] == top}
        return Tree(files, [parts[len(top) :] for parts in self.links if parts[: len(top)] == top])

    def graft(self, parts: Parts, branch: Tree) -> None:
        """Add everything of `branch` below `parts`."""
        self.files |= {parts + name: file for name, file in branch.files.items()}
        self.flaws |= {parts + name: reason for name, reason in branch.flaws.items()}
        self.links += [parts + name for name in branch.links]
        self.closed += [parts + name for name in branch.closed]


def skipped(name: str) -> bool:
    """Return whether a name is hidden, or made by an editor, Python or an archiver."""
    return name.startswith(".") or name in {"__pycache__", "__MACOSX"}


def on_disk(root: Path, parts: Parts) -> File:
    """Return the file `parts` below `root`, which is opened when it is read."""
    changed = None
    with suppress(OSError):
        changed = os.lstat(root.joinpath(*parts)).st_mtime
    return File(partial(read_bytes, root, parts), changed)


def walk(root: Path) -> Tree:
    """Return all files below `root`; Unreadable beyond 10,000 entries or 16 levels, OSError if it cannot be listed.

    The folder may change while it is listed; that is harmless, because reading starts at `root` again and follows no
    link.
    """
    tree, queue, seen = Tree(), deque[Parts]([()]), 0
    while queue:
        here = queue.popleft()
        try:
            with os.scandir(root.joinpath(*here)) as entries:
                found = sorted(islice(entries, ENTRIES + 1), key=lambda entry: entry.name)
        except OSError as error:
            if not here or error.errno in _MACHINE_ERRORS:
                raise
            tree.closed.append(here)
            continue
        seen += len(found)
        check_size(seen)
        for entry in (entry for entry in found if not skipped(entry.name)):
            parts = (*here, entry.name)
            if entry.is_dir(follow_symlinks=False):
                check_size(seen, len(parts))
                queue.append(parts)
            elif entry.is_symlink() and not entry.name.casefold().endswith(".py"):
                tree.links.append(parts)
            else:  # a link named like a source is refused by name when it is opened
                tree.files[parts] = on_disk(root, parts)
    return tree


SLACK = 2_000_000_000
"""Nanoseconds in which a file may change twice with the same time: the coarsest file system clock counts 2 s."""
_GIT = ("HEAD", "packed-refs", "refs")


def signature(paths: Iterable[str], before: int) -> str:
    """Return a digest of sizes and times of these files, and of all readable files below these folders; no file is
    opened. Equal digests mean that no file has changed.

    It is "" if a file cannot be examined, or changed later than `before`, in nanoseconds since 1970: it could then
    change once more and keep its time, as in git's index.
    """
    found: list[object] = []
    waiting = list(paths)
    try:
        while waiting and len(found) <= ENTRIES:
            path = waiting.pop()
            facts = os.lstat(path)
            if facts.st_mtime_ns >= before or facts.st_ctime_ns >= before:
                return ""
            # The change time cannot be set: it differs if content of the same size was written and its time set back.
            found.append((path, facts.st_mode, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino))
            if stat.S_ISDIR(facts.st_mode):
                names = [name for name in sorted(os.listdir(path)) if not skipped(name) or name == ".git"]
                waiting += [f"{path}/{name}" for name in names if name in _GIT or not path.endswith("/.git")]
    except OSError:
        return ""
    return "" if waiting else hashlib.sha256(repr(found).encode("utf-8", "surrogatepass")).hexdigest()
