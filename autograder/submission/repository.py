"""Read the commit of a clone and its time, without running anything from the clone.

A clone is untrusted: its configuration can name programs, and its objects may be fetched from anywhere. So HEAD is read
as text, and git is run in an empty repository that only borrows the clone's objects.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer

from autograder.submission.file import Unreadable, read_bytes
from autograder.submission.limits import MIB, Limit

_SMALL, _PACKED = Limit(4096, ""), Limit(4 * MIB, "")
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REF = re.compile(r"ref: (refs(?:/[\w+@-][\w.+@-]*)+)")
_COMMITTER = re.compile(rb"^committer .*> (-?\d{1,12}) [+-]\d{4}$", re.MULTILINE)
_HEADER, _SECONDS = 1 << 16, 10
_CONFIG = "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = {}\n"


@dataclass(frozen=True)
class Commit:
    """Commit of a clone. sha: in hex; when: by the committer's clock, in UTC."""

    sha: str
    when: datetime


def is_clone(folder: Path) -> bool:
    """Return whether the folder is a repository's working tree."""
    return (folder / ".git" / "HEAD").is_file() and not (folder / ".git").is_symlink()


def head(folder: Path) -> Commit | None:
    """Return the commit of the clone's HEAD; None if it is unknown or git is not installed."""
    git = shutil.which("git")
    try:
        sha = _resolve(folder)
    except Unreadable:
        return None
    header = _header(git, folder, sha) if git and _SHA.fullmatch(sha) else b""
    found = _COMMITTER.search(header)
    with suppress(ValueError, OverflowError, OSError):
        return Commit(sha, datetime.fromtimestamp(int(found[1]), UTC)) if found else None
    return None


def _resolve(folder: Path) -> str:
    """Return the hash of HEAD, directly or through the branch that it names."""
    text = _text(folder, "HEAD")
    ref = _REF.fullmatch(text)
    if not ref:
        return text
    with suppress(Unreadable):
        return _text(folder, *ref[1].split("/"))
    packed = read_bytes(folder, (".git", "packed-refs"), _PACKED).decode("ascii", "replace")
    return next((line.split(" ")[0] for line in packed.split("\n") if line.endswith(f" {ref[1]}")), "")


def _text(folder: Path, *parts: str) -> str:
    return read_bytes(folder, (".git", *parts), _SMALL).decode("ascii", "replace").strip()


def _header(git: str, folder: Path, sha: str) -> bytes:
    """Return the header of a commit, without its message."""
    with TemporaryDirectory(prefix="handgrad-") as own:
        for name in ("objects", "refs"):
            (Path(own) / name).mkdir()
        (Path(own) / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
        (Path(own) / "config").write_text(_CONFIG.format("sha256" if len(sha) == 64 else "sha1"), encoding="ascii")
        command = [git, "--no-replace-objects", "cat-file", "commit", sha]
        with subprocess.Popen(
            command, env=_environment(own, folder), cwd=own,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            timer = Timer(_SECONDS, process.kill)
            timer.start()
            try:
                return process.stdout.read(_HEADER).partition(b"\n\n")[0] if process.stdout else b""
            finally:
                timer.cancel()
                process.kill()


def _environment(own: str, folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": own,
        "LC_ALL": "C",
        "GIT_DIR": own,
        "GIT_OBJECT_DIRECTORY": str((folder / ".git" / "objects").absolute()),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }
