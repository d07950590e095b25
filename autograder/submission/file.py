"""Reading one file of a stranger: no link is followed, only a regular file is read, once, and never past the limit."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import GraderFault
from autograder.submission.limits import CODE, Limit

Parts = tuple[str, ...]
"""The way to a file beneath a folder or inside an archive."""

_LINK = "is a link. Hand in the file itself."
_IRREGULAR = "is not a regular file. Hand in a plain .py file."
_DENIED = "cannot be read: permission denied. Make it readable and hand it in again."
_GONE = "disappeared while it was read. Hand it in again."

# No open file, no memory, no disk left: nobody who handed in caused it.
_OURS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.ENOSPC})

# What a platform lacks is 0. O_NONBLOCK: opening a pipe must not wait for its writer.
_FILE = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | sum(getattr(os, flag, 0) for flag in ("O_DIRECTORY", "O_CLOEXEC"))


class Unreadable(Exception):
    """The file is not read; the text goes on from the file's name: `is a link. Hand in the file itself.`"""


@dataclass(frozen=True)
class File:
    """A file that may be read. read: all its bytes, at most the limit's, or Unreadable.

    changed: seconds since 1970. clock: who says so, a "file" system or an "archive".
    """

    read: Callable[[Limit], bytes]
    changed: float | None = None
    clock: str = "file"


def refuse(reason: str) -> File:
    """A file that is named, and never read."""

    def read(limit: Limit) -> bytes:
        raise Unreadable(reason)

    return File(read)


def read_bytes(root: Path, parts: Parts, limit: Limit = CODE) -> bytes:
    """All bytes of the file `parts` beneath `root`, at most the limit's; Unreadable says why not.

    `root` itself is trusted; every part of the way beneath it is opened without following a link.
    """
    handle = open_file(root, parts)
    try:
        return _read(handle, limit)
    finally:
        os.close(handle)


def open_file(root: Path, parts: Parts) -> int:
    """A descriptor of the file, of whatever kind it is; Unreadable says why not."""
    try:
        return _open(root, parts)
    except OSError as error:
        raise Unreadable(why(error)) from error


def size_of(handle: int) -> int:
    """The bytes of an open file; Unreadable where it is no regular one."""
    facts = os.fstat(handle)
    if not stat.S_ISREG(facts.st_mode):
        raise Unreadable(_IRREGULAR)
    return facts.st_size


def is_ours(error: OSError) -> bool:
    """Whether this machine failed and not what was handed in."""
    return error.errno in _OURS


def why(error: OSError) -> str:
    """What to tell a student about a failed system call; GraderFault where it is not the student's to repair."""
    if is_ours(error):
        raise GraderFault(f"{error.filename or 'a submission'} cannot be read on this machine: {error.strerror}")
    match error.errno:
        case errno.ELOOP | errno.EMLINK:
            return _LINK
        case errno.ENXIO:
            return _IRREGULAR
        case errno.EACCES | errno.EPERM:
            return _DENIED
        case errno.ENOENT:
            return _GONE
        case errno.ENOTDIR:
            return "lies behind a link or a file that is no folder. Hand in the file itself."
        case _:
            return f"cannot be read: {error.strerror}. Hand it in again."


def _open(root: Path, parts: Parts) -> int:
    if os.open not in os.supports_dir_fd:
        return _open_by_path(root, parts)
    here = os.open(root, _FOLDER)
    try:
        for part in parts[:-1]:
            inner = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = inner
        return os.open(parts[-1], _FILE, dir_fd=here)
    finally:
        os.close(here)


def _open_by_path(root: Path, parts: Parts) -> int:
    """Where a folder cannot be held open: each step of the way is looked at first."""
    for part in parts:
        root = root / part
        if stat.S_ISLNK(os.lstat(root).st_mode):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return os.open(root, _FILE)


def _read(handle: int, limit: Limit) -> bytes:
    size = size_of(handle)
    if size > limit.most:
        raise Unreadable(limit.exceeded(size))
    return read_capped(handle, limit.most)


def read_capped(handle: int, limit: int) -> bytes:
    """Everything in `handle`; Unreadable as soon as more than `limit` bytes came, whatever size it claimed."""
    pieces, room = [], limit + 1
    try:
        while room and (piece := os.read(handle, room)):
            pieces.append(piece)
            room -= len(piece)
    except OSError as error:
        raise Unreadable(why(error)) from error
    if not room:
        raise Unreadable(f"grew past {limit:,} bytes while it was read. Hand it in again.")
    return b"".join(pieces)
