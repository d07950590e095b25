"""What intake hands on, and the one way from a file's bytes to text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from autograder.submission.limits import CODE

LIMIT = CODE.most
"""The most bytes of one source."""

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_HARMLESS = frozenset({b"utf-8", b"utf8", b"utf-8-sig", b"ascii", b"us-ascii"})
_SAVE = "Save it again with the encoding UTF-8."


@dataclass(frozen=True)
class Source:
    """One file's text. name: the exercise, or the module's own name; sha256: hex digest of the file's bytes.

    origin: the path inside the submission, escaped so that it can be printed. Of a notebook the text is its code, cell
    below cell, and the hash is that text's.
    """

    name: str
    text: str
    sha256: str
    origin: str


@dataclass(frozen=True)
class Refused:
    """A file that is not graded. reason: what the student reads, the fact and then the repair."""

    name: str
    reason: str
    origin: str


@dataclass(frozen=True)
class Submission:
    """Everything that one student handed in. sources, refused: by exercise name; module: offered for every exercise.

    student: the file's or folder's name, escaped. notes: sentences about what was not read. submitted_at: in UTC, None
    when unknown. clock: who says so, as in autograder/submission/times.py; "" when nobody. commit: of a clone, in hex.
    """

    student: str
    sources: Mapping[str, Source] = field(default_factory=dict)
    refused: Mapping[str, Refused] = field(default_factory=dict)
    module: Source | None = None
    notes: tuple[str, ...] = ()
    submitted_at: datetime | None = None
    clock: str = ""
    commit: str | None = None

    def hashes(self, names: Iterable[str]) -> dict[str, str]:
        """Exercise → SHA-256 of the text that is there for it."""
        found = {name: self.sources.get(name) or self.module for name in names}
        return {name: source.sha256 for name, source in found.items() if source}


def decode(name: str, data: bytes, origin: str) -> Source | Refused:
    """The text of `data`: UTF-8 without NUL; a byte order mark goes and every line ends in \\n."""
    flaw = _flaw(data)
    if flaw:
        return Refused(name, f"{origin} {flaw}", origin)
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    return Source(name, text, hashlib.sha256(data).hexdigest(), origin)


def _flaw(data: bytes) -> str:
    if len(data) > LIMIT:
        return CODE.exceeded(len(data))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return f"is saved as UTF-16. {_SAVE}"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"is not UTF-8: byte 0x{data[error.start]:02x} in line {_line(data, error.start)}. {_SAVE}"
    if b"\0" in data:
        return f"contains a NUL byte in line {_line(data, data.index(0))}. Save it again as plain text."
    return _foreign_cookie(data)


def _foreign_cookie(data: bytes) -> str:
    """Python obeys a coding comment in the first two lines, and utf-7 would hide code from every reader."""
    for number, line in enumerate(re.split(rb"\r\n|\r|\n", data.removeprefix(b"\xef\xbb\xbf"), maxsplit=2)[:2], 1):
        found = _COOKIE.match(line)
        if found and found[1].lower().replace(b"_", b"-") not in _HARMLESS:
            word = found[1].decode("ascii", "replace")
            return f"declares the encoding {word[:40]} in line {number}. Delete that comment. {_SAVE}"
    return ""


def _line(data: bytes, position: int) -> int:
    return len(re.findall(rb"\r\n|\r|\n", data[:position])) + 1
