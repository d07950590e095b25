"""Read the code cells of a notebook. Only `source`, and what assigns a cell to an exercise, is used."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.submission.file import Unreadable
from autograder.submission.magics import plain
from autograder.submission.outputs import without_outputs

_SAVE = "Open it in Jupyter, save it, and hand it in again."
_BAD = f"is no notebook that can be read: {{why}}. {_SAVE}"
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+)$", re.MULTILINE)
_FENCED = re.compile(r"^(```|~~~).*?(^\1|\Z)", re.MULTILINE | re.DOTALL)
_EXERCISE = re.compile(r"#\s*exercise\s*:\s*(\w+)", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_VALUES = 1 << 20
"""Most commas besides the outputs: each may begin a value, which takes some hundred bytes of memory."""


@dataclass(frozen=True)
class NotebookCell:
    """Code cell of a notebook."""

    number: int
    """Place among the cells that are not empty, from 1, as Jupyter counts when all are run in order."""
    text: str
    """Python with as many lines as the cell."""
    exercise: str = ""
    """Exercise that the cell belongs to, "" if unknown."""
    trouble: str = ""
    """Why the cell was left out, "" if it was not."""
    changed: tuple[int, ...] = ()
    """Lines that only a notebook understands."""


def read_cells(data: bytes, names: Collection[str]) -> list[NotebookCell]:
    """Return the code cells in order; raise Unreadable if `data` is no notebook. names: exercises of cells."""
    number = 0
    section = ("", 0)
    cells: list[NotebookCell] = []
    for cell in _cells(_parse(data)):
        source = _source(cell)
        if cell.get("cell_type") == "markdown":
            section = _section(source, names, section)
        elif cell.get("cell_type") == "code" and source.strip():
            number += 1
            cells.append(_read(number, source, _owner(cell, source, names) or section[0]))
    return cells


def _parse(data: bytes) -> Mapping[str, Any]:
    data = without_outputs(data)
    if data.count(b",") > _VALUES:
        raise Unreadable(_BAD.format(why=f"its JSON may hold more than {_VALUES:,} values"))
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable(_BAD.format(why="it is not UTF-8")) from error
    except json.JSONDecodeError as error:
        raise Unreadable(_BAD.format(why=f"its JSON breaks off or is wrong in line {error.lineno}")) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(_BAD.format(why="its JSON holds something that no notebook has")) from error
    if not isinstance(found, dict):
        raise Unreadable(_BAD.format(why="it has no cells"))
    return found


def _cells(notebook: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Return the cells; before version 4 they were in worksheets."""
    sheets = notebook.get("worksheets")
    holders = [notebook] if "cells" in notebook else sheets if isinstance(sheets, list) else []
    lists = [holder.get("cells") for holder in holders if isinstance(holder, dict)]
    found = [cells for cells in lists if isinstance(cells, list)]
    if not found:
        raise Unreadable(_BAD.format(why="it has no cells"))
    return (cell for cells in found for cell in cells if isinstance(cell, dict))


def _source(cell: Mapping[str, Any]) -> str:
    """Return the source of a cell: a string, or a list of lines with their ends; "" for anything else."""
    source = cell.get("source", cell.get("input"))
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _read(number: int, source: str, exercise: str) -> NotebookCell:
    found = plain(source)
    trouble = f"{found.foreign} is not Python" if found.foreign else _trouble(found.text)
    return NotebookCell(number, "" if trouble else found.text, exercise, trouble, found.changed)


def _trouble(text: str) -> str:
    """Return why a cell's text cannot be code, "" if it can."""
    if "\0" in text:
        return "it contains a NUL character"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "it contains half a character"
    return ""


def _owner(cell: Mapping[str, Any], source: str, names: Collection[str]) -> str:
    """Return the exercise that the cell names: in a first comment, in nbgrader's id, or in its own id."""
    comment = _EXERCISE.match(source.lstrip())
    if comment and comment[1] in names:
        return comment[1]
    facts = cell.get("metadata")
    grading = facts.get("nbgrader") if isinstance(facts, dict) else None
    ids = (grading.get("grade_id") if isinstance(grading, dict) else None, cell.get("id"))
    heads = (word.partition("-")[0] for word in ids if isinstance(word, str))
    return next((head for head in heads if head in names), "")


def _section(markdown: str, names: Collection[str], section: tuple[str, int]) -> tuple[str, int]:
    """Return the exercise whose section this text begins, and the level of its heading.

    A heading with no exercise, or several, ends the section unless its level is lower.
    """
    for marks, title in _HEADING.findall(_FENCED.sub("", markdown)):
        named = {word for word in _WORD.findall(title) if word in names}
        if len(named) == 1 or len(marks) <= section[1]:
            section = (named.pop(), len(marks)) if len(named) == 1 else ("", 0)
    return section
