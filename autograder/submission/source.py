"""Dataclasses of entries, sources and submissions: where a submission lies on disk, and what was read from it."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from autograder.report.escape import show
from autograder.submission import syntax
from autograder.submission.file import CODE, Unreadable


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
    r"(?P<stem>.*)\.(?P<kind>py|ipynb)_?(?:\.(?:py|ipynb|txt|text|json|html?|download))?", re.I | re.DOTALL
)
"""Name of a source; browsers and mail programs add endings to it, and people an underscore for a mail filter."""
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
    if found := _SOURCE.fullmatch(name):
        return found["stem"]
    plain = is_archive(name) or name.casefold().endswith(DOCUMENTS)
    return name.rpartition(".")[0] if plain else name


def kind(name: str) -> str:
    """Return the ending of a source, "py" or "ipynb", whatever was added to it; "" for any other file."""
    found = _SOURCE.fullmatch(name)
    return found["kind"].casefold() if found else ""


def is_archive(name: str) -> bool:
    """Return whether a file of this name is an archive that is opened."""
    return name.casefold().endswith(".zip")


_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_SIGNED = re.compile(r".*-[0-9a-f]{12}", re.DOTALL)
_BYTES = 100


def slug(name: str) -> str:
    """Return a file name for `name`, at most 113 bytes, that is safe on every file system.

    A safe name is kept; a changed one carries 12 hex digits of the name's SHA-256, so that two names share a slug only
    if their hashes collide. Case is kept: compare case-folded where the file system ignores case.
    """
    plain = "".join(char if char.isalnum() or char in "_-.@+" else "_" for char in unicodedata.normalize("NFKC", name))
    short = plain.encode()[:_BYTES].decode(errors="ignore").lstrip(".-").rstrip(".") or "student"
    safe = f"_{short}" if _RESERVED.fullmatch(short) else short
    if safe == name and not _SIGNED.fullmatch(name):
        return name
    return f"{safe}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_HARMLESS = frozenset({b"utf-8", b"utf8", b"utf-8-sig", b"ascii", b"us-ascii"})
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SAVE = "Save it again with the encoding UTF-8."


Files = Mapping[str, tuple[str, bool]]
"""Name of a module → its text, and whether it is a package."""


@dataclass(frozen=True)
class Source:
    """Text of one file, or of the code cells of a notebook."""

    text: str
    """Text with lines that end in \\n."""
    sha256: str
    """SHA-256, in hex, of the file's bytes; of the text for a notebook and for a text with modules appended."""
    origin: str
    """Path inside the submission, escaped for printing."""
    modules: Files = field(default_factory=dict)
    """Modules that stand behind the text, see autograder/submission/modules.py."""


@dataclass(frozen=True)
class Refused:
    """File that is not graded."""

    reason: str
    """Sentence for the student: the fact, then the repair."""
    origin: str
    """Path inside the submission, escaped."""


@dataclass(frozen=True)
class Submission:
    """All that one student handed in."""

    student: str
    """Name of the file or folder, escaped."""
    sources: Mapping[str, Source] = field(default_factory=dict)
    """Sources by exercise."""
    refused: Mapping[str, Refused] = field(default_factory=dict)
    """Refused files by exercise."""
    module: Source | None = None
    """Source for every exercise without one of its own."""
    notes: tuple[str, ...] = ()
    """Sentences about what was not read."""
    submitted_at: datetime | None = None
    """Time in UTC, None if unknown."""
    clock: str = ""
    """Source of the time, as in autograder/submission/folder.py; "" if unknown."""


def decode(data: bytes, origin: str) -> Source | Refused:
    """Decode `data`: UTF-8 without NUL. A byte order mark is removed and every line ends in \\n."""
    flaw, text = _flaw(data), ""
    if not flaw:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        flaw = syntax.flaw(text)
    if flaw:
        return Refused(f"{origin} {flaw}", origin)
    return Source(text, hashlib.sha256(data).hexdigest(), origin)


_OTHER = (
    (b"%PDF", "is a PDF document"), (b"PK\x03\x04", "is a zip archive, or a document that is one inside"),
    (b"Rar!", "is a RAR archive"), (b"7z\xbc\xaf", "is a 7z archive"), (b"\x1f\x8b", "is a gzip archive"),
)  # fmt: skip
_PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)


def plain_text(data: bytes, python: bool = True) -> tuple[bytes, str]:
    """Return the bytes of a source in UTF-8, and a note if they were converted from UTF-16, else "".

    python: the source is no notebook. Raise Unreadable for other content under the name of a source.
    """
    note = ""
    if data.startswith(_UTF16):
        with suppress(UnicodeDecodeError):
            data, note = data.decode("utf-16").encode(), "was converted from UTF-16"
    head = data[:2048].removeprefix(b"\xef\xbb\xbf")
    found = next((words for begin, words in _OTHER if head.startswith(begin)), "")
    if found or _PAGE.match(head):
        raise Unreadable(f"{found or 'is a web page'} under another name. Hand in the file itself.")
    if python and head.lstrip().startswith(b"{") and b'"cells"' in data:
        raise Unreadable("is a notebook. Rename it, so that its name ends in .ipynb.")
    return data, note


def _flaw(data: bytes) -> str:
    """Return why the bytes cannot be a source, "" if they may be one."""
    if len(data) > CODE.most:
        return CODE.exceeded(len(data))
    if data.startswith(_UTF16):
        return f"is saved as UTF-16. {_SAVE}"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"is not UTF-8: byte 0x{data[error.start]:02x} in line {_line(data, error.start)}. {_SAVE}"
    if b"\0" in data:
        return f"contains a NUL byte in line {_line(data, data.index(0))}. Save it again as plain text."
    # Python obeys an encoding comment in the first two lines: utf-7 would hide code from readers.
    for number, line in enumerate(re.split(rb"\r\n|\r|\n", data.removeprefix(b"\xef\xbb\xbf"), maxsplit=2)[:2], 1):
        found = _COOKIE.match(line)
        if found and found[1].lower().replace(b"_", b"-") not in _HARMLESS:
            word = found[1].decode("ascii", "replace")
            return f"declares the encoding {word[:40]} in line {number}. Delete that comment. {_SAVE}"
    return ""


def _line(data: bytes, position: int) -> int:
    return len(re.findall(rb"\r\n|\r|\n", data[:position])) + 1
