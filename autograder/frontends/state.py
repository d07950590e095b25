"""Small JSON files in which commands keep state between calls; losing one only costs a repetition."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER = ".handgrad"


def recall(folder: Path, name: str) -> dict[str, Any]:
    """Read the record of this name; empty where there is none that can be read."""
    try:
        record = json.loads((folder / FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def keep(folder: Path, name: str, record: Mapping[str, Any]) -> None:
    """Write the record in a single step; do nothing where the folder cannot be written to."""
    path = folder / FOLDER / f"{name}.json"
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        (path.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(record, indent=1), encoding="utf-8")
        draft.replace(path)
