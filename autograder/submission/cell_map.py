"""Lines of a notebook's text as the cells and lines that its student sees."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from autograder.implementation import Absent, Implementation, Outcome, Raised, RequestBatch, Signature, Stopped
from autograder.sandbox.inside.chunks import CELL

Told = TypeVar("Told")

_MARK = re.compile(rf"{re.escape(CELL)} \[cell (\d+)\]$", re.MULTILINE)
_LINE = re.compile(r"\b(on|at) line (\d+)\b")


def joined(cells: Iterable[tuple[int, str]]) -> str:
    """One text of numbered cells, each below a comment that bears its number."""
    return "".join(f"{CELL} [cell {number}]\n{text}\n" for number, text in cells)


class CellMap:
    """Where the lines of a text come from; notebook: it was made by `joined`."""

    def __init__(self, text: str, notebook: bool = True) -> None:
        lines = text.split("\n")
        marks = {number: _MARK.match(line) for number, line in enumerate(lines, 1) if line.startswith(CELL)}
        self._cells = {number: int(mark[1]) for number, mark in marks.items() if mark and notebook}
        self._starts, self._last = list(self._cells), len(lines)

    def find(self, line: int) -> tuple[int, int] | None:
        """The cell's number and the line in it; None above the first cell. What ends at a mark is of the cell above."""
        index = bisect_left(self._starts, line)
        start = self._starts[index - 1] if index else 0
        return (self._cells[start], line - start) if start else None

    def told(self, answer: Told) -> Told:
        """The answer with its line as a line of a cell; one that the text does not have is forged, and is none."""
        if not isinstance(answer, Raised | Absent) or answer.line is None:
            return answer
        if answer.line > self._last:
            return replace(answer, line=None)
        cell, line = self.find(answer.line) or (None, answer.line)
        placed = replace(answer, line=line, cell=cell)
        return replace(placed, detail=_LINE.sub(self._words, placed.detail)) if isinstance(placed, Absent) else placed

    def _words(self, found: re.Match[str]) -> str:
        """Python's own words about another line, such as where a bracket was opened."""
        place = self.find(int(found[2]))
        return f"in cell {place[0]}, line {place[1]}" if place else found[0]


class LocatedImplementation:
    """A candidate whose answers speak of lines that are there, and of a notebook's cells."""

    def __init__(self, implementation: Implementation, places: CellMap) -> None:
        self._implementation, self._places = implementation, places

    def call_many(self, request_batch: RequestBatch, seconds: float) -> list[Any] | None:
        """As the candidate."""
        answers = self._implementation.call_many(request_batch, seconds)
        return None if answers is None else list(map(self._places.told, answers))

    def describe(self, function: str) -> Signature | Raised | Stopped | Absent:
        """As the candidate."""
        return self._places.told(self._implementation.describe(function))

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, names: tuple[str, ...], seconds: float
    ) -> Outcome:
        """As the candidate."""
        return self._places.told(self._implementation.call(function, args, kwargs, names=names, seconds=seconds))

    def transport(self, args: tuple[Any, ...], kwargs: dict[str, Any], shapes: list[tuple[int, ...]]) -> float:
        """As the candidate."""
        return self._implementation.transport(args, kwargs, shapes)


def located(implementation: Implementation, text: str, origin: str) -> Implementation:
    """The candidate with the lines of its text as its student counts them."""
    return LocatedImplementation(implementation, CellMap(text, notebook=origin.casefold().endswith(".ipynb")))
