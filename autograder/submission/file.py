"""Read untrusted files: regular files only, without following links, up to a limit."""

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
"""Path of a file below a folder or inside an archive, in parts."""

_LINK = "is a link. Hand in the file itself."
_IRREGULAR = "is not a regular file. Hand in a plain .py file."
_DENIED = "cannot be read: permission denied. Make it readable and hand it in again."
_GONE = "disappeared while it was read. Hand it in again."

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
    handle = open_file(root, parts)
    try:
        return _read(handle, limit)
    finally:
        os.close(handle)


def open_file(root: Path, parts: Parts) -> int:
    """Open the file, of any kind, and return its descriptor; raise Unreadable if that fails."""
    try:
        return _open(root, parts)
    except OSError as error:
        raise Unreadable(explain(error)) from error


def size_of(handle: int) -> int:
    """Return the size of an open file; raise Unreadable if it is not a regular one."""
    facts = os.fstat(handle)
    if not stat.S_ISREG(facts.st_mode):
        raise Unreadable(_IRREGULAR)
    return facts.st_size


def is_machine_error(error: OSError) -> bool:
    """Return whether the machine caused the error, not the submission."""
    return error.errno in _MACHINE_ERRORS


def explain(error: OSError) -> str:
    """Return the reason for a student why a system call failed; raise GraderFault if the machine caused it."""
    if is_machine_error(error):
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
    """Open by path where folders cannot be held open, after checking each part for a link."""
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
    """Return all bytes of `handle`; raise Unreadable as soon as more than `limit` were read."""
    pieces, room = [], limit + 1
    try:
        while room and (piece := os.read(handle, room)):
            pieces.append(piece)
            room -= len(piece)
    except OSError as error:
        raise Unreadable(explain(error)) from error
    if not room:
        raise Unreadable(f"grew past {limit:,} bytes while it was read. Hand it in again.")
    return b"".join(pieces)
