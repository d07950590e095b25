"""Describe where one student's submission is stored, and name the files that are made for it."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
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
    numbered: bool = False
    """The platform numbers uploads of one name: `relu-2.py` is a later one than `relu.py`."""
    when: datetime | None = None
    """Time at which the platform received it, in UTC; None if it does not say."""


_SOURCE = re.compile(
    r"(?P<stem>.*)\.(?P<kind>py|ipynb)(?:\.(?:py|ipynb|txt|text|json|html?|download))?", re.I | re.DOTALL
)
"""Name of a source; browsers and mail programs add endings to it."""
ARCHIVES = (".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".rar", ".7z")
"""Endings of archives that are not opened."""
DOCUMENTS = (".pdf", ".doc", ".docx", ".odt", ".rtf", ".pages", ".html", ".htm")
"""Endings of documents and pages, which are not read."""


def entry_of(path: Path) -> Entry:
    """Return the entry of a folder or file that is one whole submission; a file's name loses its ending."""
    path = Path(os.path.abspath(path))
    return Entry(show(path.name if os.path.isdir(path) else stem(path.name)), path)


def stem(name: str) -> str:
    """Return the name of a source, an archive or a document without its ending; any other name as it is."""
    found = _SOURCE.fullmatch(name)
    if found:
        return found["stem"]
    plain = is_archive(name) or name.casefold().endswith(DOCUMENTS)
    return name.rpartition(".")[0] if plain else name


def kind(name: str) -> str:
    """Return the ending of a source, "py" or "ipynb", whatever was added to it; "" for any other file."""
    found = _SOURCE.fullmatch(name)
    return found["kind"].casefold() if found else ""


def is_python(name: str) -> bool:
    """Return whether a file of this name is Python."""
    return kind(name) == "py"


def is_notebook(name: str) -> bool:
    """Return whether a file of this name is a notebook."""
    return kind(name) == "ipynb"


def is_source(name: str) -> bool:
    """Return whether a file of this name holds code that can be graded."""
    return bool(kind(name))


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
