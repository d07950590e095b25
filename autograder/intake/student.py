"""Names that come from outside: as a safe file name, and as text that cannot act on a screen."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_SIGNED = re.compile(r".*-[0-9a-f]{12}", re.DOTALL)
_BYTES = 100

# Printable by Unicode's own word, and yet nothing to see: fillers, joiners and variation selectors.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(point) for block in (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)) for point in block
}


def slug(name: str) -> str:
    """A file name for `name`, at most 113 bytes, that is safe on every file system.

    A name that is safe already stays; whatever is changed carries 12 hex digits of the name's SHA-256, so that two
    names share a slug only where their hashes collide. Case is kept: compare case-folded on a disk that is blind to it.
    """
    safe = _safe(name)
    return name if safe == name and not _SIGNED.fullmatch(name) else f"{safe}-{_digest(name)}"


def show(text: str) -> str:
    """`text` on one line with every character that is not plainly visible written as its escape, such as \\x1b.

    Controls, line breaks, bidi and zero-width characters and lone surrogates are all escaped; showing twice changes
    nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(char: str) -> str:
    return char if char.isprintable() and char not in _BLANK else char.encode("unicode_escape").decode("ascii")


def _safe(name: str) -> str:
    plain = "".join(char if char.isalnum() or char in "_-.@+" else "_" for char in unicodedata.normalize("NFKC", name))
    short = plain.encode()[:_BYTES].decode(errors="ignore").lstrip(".-").rstrip(".") or "student"
    return f"_{short}" if _RESERVED.fullmatch(short) else short


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
