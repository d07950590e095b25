"""Repair of a submitted notebook's cells, so that nbgrader finds each graded cell once, with its metadata.

nbgrader stops the whole class at a cell that was copied with its metadata, and gives no grade for one that was deleted
or whose metadata an editor removed. Only metadata and the given cells are changed, never a student's code.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

Cell = dict[str, Any]
_SUFFIX = "-check"


def exercise_of(grade_id: str) -> str:
    """Return the exercise of a check's id; "" for any other cell."""
    return grade_id.removesuffix(_SUFFIX) if grade_id.endswith(_SUFFIX) else ""


def mend(cells: list[Cell], given: Mapping[str, Cell]) -> tuple[list[Cell], list[str]]:
    """Return the repaired cells, and a sentence for each repair. given: id → released cell."""
    mended, messages = [copy.deepcopy(cell) for cell in cells], list[str]()
    for cell in mended:
        _forget_unknown(cell, given)
    _recognise(mended, given, messages)
    _forget_copies(mended, messages)
    missing = [name for name, cell in given.items() if _facts(cell).get("grade") and name not in _ids(mended)]
    for name in missing:
        mended.insert(_behind(mended, exercise_of(name)), copy.deepcopy(given[name]))
        messages.append(f"{name} was missing and is put back.")
    return mended, messages


def _facts(cell: Cell) -> dict[str, Any]:
    facts = cell.get("metadata", {}).get("nbgrader")
    return facts if isinstance(facts, dict) else {}


def _ids(cells: list[Cell]) -> list[str]:
    return [facts["grade_id"] for cell in cells if (facts := _facts(cell))]


def _forget_unknown(cell: Cell, given: Mapping[str, Cell]) -> None:
    """Remove metadata that names no cell of the assignment."""
    if _facts(cell).get("grade_id") not in given:
        cell.get("metadata", {}).pop("nbgrader", None)


def _recognise(cells: list[Cell], given: Mapping[str, Cell], messages: list[str]) -> None:
    """Restore the metadata of cells recognised by their id, or of checks recognised by their last line."""
    known = set(_ids(cells))
    lines = {_source(cell): name for name, cell in given.items() if _facts(cell).get("grade")}
    for cell in cells:
        name = cell.get("id") if cell.get("id") in given else lines.get(_source(cell))
        if name is not None and name not in known and not _facts(cell):
            cell.setdefault("metadata", {})["nbgrader"] = copy.deepcopy(_facts(given[name]))
            known.add(name)
            messages.append(f"{name} had lost its metadata and is recognised.")


def _source(cell: Cell) -> str:
    """Return the last line of the source, which is what students see of a grading check."""
    source = cell.get("source", "")
    text = "".join(source) if isinstance(source, list) else str(source)
    return text.rstrip().rpartition("\n")[2]


def _forget_copies(cells: list[Cell], messages: list[str]) -> None:
    """Remove the metadata of all but the last of the cells with one id, as the last definition counts."""
    seen = set[str]()
    for cell in reversed(cells):
        name = _facts(cell).get("grade_id")
        if name in seen:
            del cell["metadata"]["nbgrader"]
            messages.append(f"{name} is there twice; the last one counts.")
        elif name:
            seen.add(name)


def _behind(cells: list[Cell], exercise: str) -> int:
    """Return the index after the last cell of the exercise; the end where there is none."""
    names = [str(_facts(cell).get("grade_id") or cell.get("id") or "") for cell in cells]
    own = [place for place, name in enumerate(names) if exercise and name.startswith(f"{exercise}-")]
    return own[-1] + 1 if own else len(cells)
