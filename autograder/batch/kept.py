"""Texts that a journal keeps, for those who only read it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

NAME = "journal.sqlite"


def kept_text(folder: Path, sha256: str) -> str | None:
    """The text that was graded under this hash; None where the folder has no journal, or the journal no such text."""
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as journal:
            row = journal.execute("SELECT text FROM source WHERE sha256 = ?", (sha256,)).fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None
