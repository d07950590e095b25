"""A notebook's bytes as cells of Python. Only `source`, and what says where a cell belongs, is looked at."""

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


@dataclass(frozen=True)
class NotebookCell:
    """A code cell. number: among the cells that are not empty, from 1: what Jupyter shows after running all in order.

    text: plain Python, with as many lines as the cell. exercise: the one that it belongs to, "" when nothing says so.
    trouble: why it was left out, "" when it was not. changed: its lines that only a notebook understands.
    """

    number: int
    text: str
    exercise: str = ""
    trouble: str = ""
    changed: tuple[int, ...] = ()


def read_cells(data: bytes, names: Collection[str]) -> list[NotebookCell]:
    """The code cells in order; Unreadable when it is no notebook. names: exercises that a cell can belong to."""
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
    try:
        found = json.loads(without_outputs(data).decode("utf-8-sig"))
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
    """The cells; before version 4 they lay in worksheets."""
    sheets = notebook.get("worksheets")
    holders = [notebook] if "cells" in notebook else sheets if isinstance(sheets, list) else []
    lists = [holder.get("cells") for holder in holders if isinstance(holder, dict)]
    found = [cells for cells in lists if isinstance(cells, list)]
    if not found:
        raise Unreadable(_BAD.format(why="it has no cells"))
    return (cell for cells in found for cell in cells if isinstance(cell, dict))


def _source(cell: Mapping[str, Any]) -> str:
    """One string, or a list of lines that bring their own ends; anything else is nothing."""
    source = cell.get("source", cell.get("input"))
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _read(number: int, source: str, exercise: str) -> NotebookCell:
    found = plain(source)
    trouble = f"{found.foreign} is not Python" if found.foreign else _trouble(found.text)
    return NotebookCell(number, "" if trouble else found.text, exercise, trouble, found.changed)


def _trouble(text: str) -> str:
    """Why a cell's text cannot be code."""
    if "\0" in text:
        return "it contains a NUL character"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "it contains half a character"
    return ""


def _owner(cell: Mapping[str, Any], source: str, names: Collection[str]) -> str:
    """The exercise that the cell itself names: in a first comment, in nbgrader's id, or in its own."""
    comment = _EXERCISE.match(source.lstrip())
    if comment and comment[1] in names:
        return comment[1]
    facts = cell.get("metadata")
    grading = facts.get("nbgrader") if isinstance(facts, dict) else None
    ids = (grading.get("grade_id") if isinstance(grading, dict) else None, cell.get("id"))
    heads = (word.partition("-")[0] for word in ids if isinstance(word, str))
    return next((head for head in heads if head in names), "")


def _section(markdown: str, names: Collection[str], section: tuple[str, int]) -> tuple[str, int]:
    """The exercise whose section this text begins, and its heading's level.

    A heading that names none, or several, ends the section before unless it is a lower one.
    """
    for marks, title in _HEADING.findall(_FENCED.sub("", markdown)):
        named = {word for word in _WORD.findall(title) if word in names}
        if len(named) == 1 or len(marks) <= section[1]:
            section = (named.pop(), len(marks)) if len(named) == 1 else ("", 0)
    return section
