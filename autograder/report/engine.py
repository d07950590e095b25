"""The engine's version and folder."""

from __future__ import annotations

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
