"""A submitted notebook's cells brought back to what nbgrader can read: each graded cell there, once, with its facts.

nbgrader stops the whole class at a cell that was copied with its metadata, and gives no grade for one that was deleted
or whose metadata an editor stripped. Nothing that a student wrote is changed: only metadata, and cells that were given.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

Cell = dict[str, Any]
_SUFFIX = "-check"


def exercise_of(grade_id: str) -> str:
    """The exercise that a check's id names; "" for a cell that is none of ours."""
    return grade_id.removesuffix(_SUFFIX) if grade_id.endswith(_SUFFIX) else ""


def mend(cells: list[Cell], given: Mapping[str, Cell]) -> tuple[list[Cell], list[str]]:
    """The cells, and a sentence for each thing that was done. given: id → the cell as it was handed out."""
    mended, said = [copy.deepcopy(cell) for cell in cells], list[str]()
    for cell in mended:
        _forget_unknown(cell, given)
    _recognise(mended, given, said)
    _forget_copies(mended, said)
    missing = [name for name, cell in given.items() if _facts(cell).get("grade") and name not in _ids(mended)]
    for name in missing:
        mended.insert(_behind(mended, exercise_of(name)), copy.deepcopy(given[name]))
        said.append(f"{name} was missing and is put back.")
    return mended, said


def _facts(cell: Cell) -> dict[str, Any]:
    facts = cell.get("metadata", {}).get("nbgrader")
    return facts if isinstance(facts, dict) else {}


def _ids(cells: list[Cell]) -> list[str]:
    return [facts["grade_id"] for cell in cells if (facts := _facts(cell))]


def _forget_unknown(cell: Cell, given: Mapping[str, Cell]) -> None:
    """Metadata that names no cell of the assignment is nobody's."""
    if _facts(cell).get("grade_id") not in given:
        cell.get("metadata", {}).pop("nbgrader", None)


def _recognise(cells: list[Cell], given: Mapping[str, Cell], said: list[str]) -> None:
    """Cells without metadata, by the id that they kept, or a check by its one line."""
    known = set(_ids(cells))
    lines = {_source(cell): name for name, cell in given.items() if _facts(cell).get("grade")}
    for cell in cells:
        name = cell.get("id") if cell.get("id") in given else lines.get(_source(cell))
        if name is not None and name not in known and not _facts(cell):
            cell.setdefault("metadata", {})["nbgrader"] = copy.deepcopy(_facts(given[name]))
            known.add(name)
            said.append(f"{name} had lost its metadata and is recognised.")


def _source(cell: Cell) -> str:
    """The last line: of a check that counts, what students see."""
    source = cell.get("source", "")
    text = "".join(source) if isinstance(source, list) else str(source)
    return text.rstrip().rpartition("\n")[2]


def _forget_copies(cells: list[Cell], said: list[str]) -> None:
    """Of cells with one id the last keeps it, as the last definition counts."""
    seen = set[str]()
    for cell in reversed(cells):
        name = _facts(cell).get("grade_id")
        if name in seen:
            del cell["metadata"]["nbgrader"]
            said.append(f"{name} is there twice; the last one counts.")
        elif name:
            seen.add(name)


def _behind(cells: list[Cell], exercise: str) -> int:
    """The place behind the last cell that belongs to the exercise; the end where none does."""
    names = [str(_facts(cell).get("grade_id") or cell.get("id") or "") for cell in cells]
    own = [place for place, name in enumerate(names) if exercise and name.startswith(f"{exercise}-")]
    return own[-1] + 1 if own else len(cells)
