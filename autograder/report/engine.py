"""The engine's version, folder and sources."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    HOME: Path
    """The folder of the package `autograder`."""

VERSION = "0.1.0"


def __getattr__(name: str) -> Any:
    """Return HOME when it is first asked for: `handgrad --help` does without pathlib."""
    if name != "HOME":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pathlib import Path

    return Path(__file__).resolve().parents[1]


@cache
def source_hash() -> str:
    """Return the SHA-256 of all files of the engine."""
    import hashlib

    home, digest = __getattr__("HOME"), hashlib.sha256()
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path.relative_to(home).as_posix()} ".encode() + path.read_bytes())
    return digest.hexdigest()
