"""Describe where one student's submission is stored, and name the files that are made for it."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from autograder.report.escape import show


@dataclass(frozen=True)
class Entry:
    """Submission on disk that has not been read: hashable and picklable, so that any process can read it."""

    student: str
    """Escaped name, unique in a batch."""
    path: Path
    """Folder or file."""
    files: tuple[tuple[str, str], ...] = ()
    """Files of this student in a download of many, as (name there, name as handed in); all of `path` if empty."""
    late: bool = False
    """The platform of the download marked it as late."""
    dated: bool = True
    """Times of files say when it was handed in; those of a download do not."""
    notes: tuple[str, ...] = ()
    """Further remarks for readers of the report."""


def entry_of(path: Path) -> Entry:
    """Return the entry of a folder or file that is one whole submission; a file's name loses its ending."""
    path = Path(os.path.abspath(path))
    return Entry(show(path.stem if is_submission(path.name) and not os.path.isdir(path) else path.name), path)


def is_python(name: str) -> bool:
    """Return whether a file of this name is Python."""
    return name.casefold().endswith(".py")


def is_notebook(name: str) -> bool:
    """Return whether a file of this name is a notebook."""
    return name.casefold().endswith(".ipynb")


def is_source(name: str) -> bool:
    """Return whether a file of this name holds code that can be graded."""
    return is_python(name) or is_notebook(name)


def is_archive(name: str) -> bool:
    """Return whether a file of this name is an archive that is opened."""
    return name.casefold().endswith(".zip")


def is_submission(name: str) -> bool:
    """Return whether a file of this name can be a whole submission."""
    return is_source(name) or is_archive(name)


_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_SIGNED = re.compile(r".*-[0-9a-f]{12}", re.DOTALL)
_BYTES = 100


def slug(name: str) -> str:
    """Return a file name for `name`, at most 113 bytes, that is safe on every file system.

    A safe name is kept; a changed one carries 12 hex digits of the name's SHA-256, so that two names share a slug only
    if their hashes collide. Case is kept: compare case-folded where the file system ignores case.
    """
    safe = _safe(name)
    return name if safe == name and not _SIGNED.fullmatch(name) else f"{safe}-{_digest(name)}"


def _safe(name: str) -> str:
    plain = "".join(char if char.isalnum() or char in "_-.@+" else "_" for char in unicodedata.normalize("NFKC", name))
    short = plain.encode()[:_BYTES].decode(errors="ignore").lstrip(".-").rstrip(".") or "student"
    return f"_{short}" if _RESERVED.fullmatch(short) else short


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
