"""Words for a path that cannot be read or written: which one it is, why, and the repair."""

from __future__ import annotations

import errno
import os

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
    """Return a sentence on the path that an error is about; "" for an error that is about none.

    where: what was written, for errors that do not say so.
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
    """Return the path that an error names; of a draft (autograder/batch/results.py) the file that it becomes."""
    if not isinstance(error.filename, str | bytes | os.PathLike):
        return ""
    folder, name = os.path.split(os.fsdecode(error.filename))
    drafted = name.startswith(".") and name.endswith(".draft")
    return os.path.join(folder, name.removeprefix(".").removesuffix(".draft") if drafted else name)
