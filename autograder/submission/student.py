"""Convert untrusted names to safe file names."""

from __future__ import annotations

import hashlib
import re
import unicodedata

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
