"""Convert lines of a notebook's source to cells and lines in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from autograder.implementation import Absent, Implementation, Outcome, Raised, RequestBatch, Signature, Stopped
from autograder.sandbox.inside.loader import CELL
from autograder.submission.definitions import read
from autograder.submission.entry import is_notebook

Answer = TypeVar("Answer")

_MARK = re.compile(rf"{re.escape(CELL)} \[cell (\d+)\]$", re.MULTILINE)
_LINE = re.compile(r"\b(on|at) line (\d+)\b")


def joined(cells: Iterable[tuple[int, str]]) -> str:
    """Return one text of all cells, each below a comment with its number."""
    return "".join(f"{CELL} [cell {number}]\n{text}\n" for number, text in cells)


class CellMap:
    """Map lines of a text to cells. notebook: the text was made by `joined`."""

    def __init__(self, text: str, notebook: bool = True) -> None:
        lines = text.split("\n")
        marks = {number: _MARK.match(line) for number, line in enumerate(lines, 1) if line.startswith(CELL)}
        self._cells = {number: int(mark[1]) for number, mark in marks.items() if mark and notebook}
        self._starts, self._last = list(self._cells), len(lines)

    def find(self, line: int) -> tuple[int, int] | None:
        """Return the cell and the line in it, None above the first cell. A mark's line belongs to the cell above."""
        index = bisect_left(self._starts, line)
        start = self._starts[index - 1] if index else 0
        return (self._cells[start], line - start) if start else None

    def locate(self, answer: Answer) -> Answer:
        """Return the answer with its line as a line of a cell, or without it if the text has no such line."""
        if not isinstance(answer, Raised | Absent) or answer.line is None:
            return answer
        if answer.line > self._last:
            return replace(answer, line=None)
        cell, line = self.find(answer.line) or (None, answer.line)
        placed = replace(answer, line=line, cell=cell)
        return replace(placed, detail=_LINE.sub(self._words, placed.detail)) if isinstance(placed, Absent) else placed

    def _words(self, found: re.Match[str]) -> str:
        """Convert a line number in a message of Python's, such as where a bracket was opened."""
        place = self.find(int(found[2]))
        return f"in cell {place[0]}, line {place[1]}" if place else found[0]


class LocatedImplementation:
    """Implementation whose answers state lines as cells and lines in them, and why a function is not there."""

    def __init__(self, implementation: Implementation, places: CellMap, text: str) -> None:
        self._implementation, self._places, self._text = implementation, places, text

    def __getattr__(self, name: str) -> Any:
        """Return what else the implementation has, such as its source if that is at hand."""
        return getattr(self._implementation, name)

    def call_many(self, request_batch: RequestBatch, seconds: float) -> list[Any] | None:
        """Return the implementation's answers, located."""
        answers = self._implementation.call_many(request_batch, seconds)
        if answers is None:
            return None
        return [self._located(ask.function, each) for ask, each in zip(request_batch.requests, answers, strict=True)]

    def describe(self, function: str) -> Signature | Raised | Stopped | Absent:
        """Return the implementation's signature, or the located reason why there is none."""
        return self._located(function, self._implementation.describe(function))

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, names: tuple[str, ...], seconds: float,
        expected: int = 0, timed: bool = False,
    ) -> Outcome:  # fmt: skip
        """Return the implementation's outcome, located."""
        outcome = self._implementation.call(
            function, args, kwargs, names=names, seconds=seconds, expected=expected, timed=timed
        )
        return self._located(function, outcome)

    def _located(self, function: str, answer: Answer) -> Answer:
        """Return the located answer. Where the function is absent, what the text says at its name is the reason."""
        found = read(self._text).last(function) if isinstance(answer, Absent) and answer.reason != "missing" else None
        if found and isinstance(answer, Absent) and answer.reason == "syntax" and found.kind == "broken":
            answer = replace(answer, detail=found.detail, line=found.line)
        elif found and isinstance(answer, Absent) and answer.reason == "not callable" and answer.line is None:
            why = ": its name was given to the result of a call" if found.kind == "result" else ""
            answer = replace(answer, detail=f"{answer.detail}{why}", line=found.line)
        return self._places.locate(answer)

    def renew(self) -> None:
        """Renew the implementation."""
        self._implementation.renew()

    def timing_fault(self) -> str:
        """Return why the implementation's calls cannot be timed, "" if they can."""
        return self._implementation.timing_fault()


def located(implementation: Implementation, text: str, origin: str) -> Implementation:
    """Return the implementation with the lines in its answers as the student counts them. origin: "" if unknown."""
    notebook = is_notebook(origin) if origin else text.startswith(f"{CELL} [cell ")
    return LocatedImplementation(implementation, CellMap(text, notebook), text)
