"""Cells of a notebook before it is written, and their nbgrader metadata."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["text", "code", "sketch", "locked", "solution", "check"]
"""Text is Markdown; code may be changed; sketch is code that fails until an exercise is written; locked is restored
before grading; solution is written by students; check earns the points."""
_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 64


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook."""

    id: str
    """Stable id; also nbgrader's grade_id, where the cell has one."""
    kind: Kind
    source: str
    points: float = 0.0
    """Points of a check."""
    pictures: Mapping[str, str] = field(default_factory=dict)
    """File name → base64 of a PNG that the text shows as attachment:name."""


def cell_id(*words: str) -> str:
    """Return a stable cell id of at most 64 characters, made of words such as an exercise and a function."""
    name = "-".join(_NAME.sub("-", word).strip("-") for word in words if word)
    if len(name) <= _LONGEST:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: _LONGEST - 9]}-{digest}"


def metadata(cell: Cell, *, released: bool) -> dict[str, Any]:
    """Return the cell's metadata: nbgrader's, schema 3, where the cell is graded. released: as students receive it."""
    if cell.kind in ("text", "code", "sketch"):
        return {"tags": ["raises-exception"]} if cell.kind == "sketch" else {}  # Jupyter then runs the next cells
    grade, solution = cell.kind == "check", cell.kind == "solution"
    facts: dict[str, Any] = {
        "schema_version": 3, "grade_id": cell.id, "grade": grade, "solution": solution, "locked": not solution,
        "task": False,
    }  # fmt: skip
    if grade:
        facts["points"] = cell.points
    if not released:
        return {"nbgrader": facts}
    facts |= {"cell_type": "code", "checksum": _checksum(cell)}
    return {"nbgrader": facts, "deletable": False, **({} if solution else {"editable": False})}


def _checksum(cell: Cell) -> str:
    """Compute nbgrader's checksum, by which it recognises an unchanged answer and a changed check."""
    words = [cell.source, "code", cell.kind == "check", cell.kind == "solution", cell.kind != "solution", cell.id]
    if cell.kind == "check":
        words.append(float(cell.points))
    return hashlib.md5("".join(map(str, words)).encode(), usedforsecurity=False).hexdigest()
