"""What a notebook consists of, before it is written: cells with the facts that nbgrader needs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["text", "code", "sketch", "locked", "solution", "check"]
_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 64


@dataclass(frozen=True)
class Cell:
    """One cell. id: stable, and nbgrader's grade_id where it has one. points: of a check.

    kind: text is Markdown; code may be changed freely; a sketch is code that fails until an exercise is written; locked
    is restored before grading; solution is written by students; check earns the points.
    pictures: file name → base64 of a PNG that the text shows as attachment:name.
    """

    id: str
    kind: Kind
    source: str
    points: float = 0.0
    pictures: Mapping[str, str] = field(default_factory=dict)


def cell_id(*words: str) -> str:
    """A cell's id from words such as an exercise and a function; at most 64 characters, the same ever after."""
    name = "-".join(_NAME.sub("-", word).strip("-") for word in words if word)
    if len(name) <= _LONGEST:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: _LONGEST - 9]}-{digest}"


def metadata(cell: Cell, *, released: bool) -> dict[str, Any]:
    """The cell's metadata: nbgrader's, schema 3, where it has a part in grading. released: as students receive it."""
    if cell.kind in ("text", "code", "sketch"):
        return {"tags": ["raises-exception"]} if cell.kind == "sketch" else {}  # running all cells goes on behind it
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
    """nbgrader's own: by it an answer that was never begun, or a check that was changed, is recognised."""
    words = [cell.source, "code", cell.kind == "check", cell.kind == "solution", cell.kind != "solution", cell.id]
    if cell.kind == "check":
        words.append(float(cell.points))
    return hashlib.md5("".join(map(str, words)).encode(), usedforsecurity=False).hexdigest()
