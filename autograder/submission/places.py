"""Find the notebook cell and line of a line of text; the text holds all cells, each below a mark."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from autograder.implementation import Absent, Forwarder, Implementation, Raised, Request, RequestBatch
from autograder.sandbox.inside.loader import CELL
from autograder.submission.definitions import read
from autograder.submission.source import kind

Answer = TypeVar("Answer")

_MARK = re.compile(rf"{re.escape(CELL)} \[cell (\d+)\]")
_LINE = re.compile(r"\b(on|at) line (\d+)\b")


def joined(cells: Iterable[tuple[int, str]]) -> str:
    """Return one text of all cells, each below a comment with its number."""
    return "".join(f"{CELL} [cell {number}]\n{text}\n" for number, text in cells)


class CellMap:
    """Map lines of a text to cells. origin: the text's file, "" if unknown; that of a notebook was made by `joined`."""

    def __init__(self, text: str, origin: str = "") -> None:
        notebook = kind(origin) == "ipynb" if origin else text.startswith(f"{CELL} [cell ")
        marks = {number: _MARK.fullmatch(line) for number, line in enumerate(text.split("\n") if notebook else [], 1)}
        self._cells = {number: int(mark[1]) for number, mark in marks.items() if mark}
        self._starts, self._last = list(self._cells), text.count("\n") + 1

    def place(self, line: int) -> tuple[int | None, int]:
        """Return the cell (None above the first) and the line in it; the line of a mark belongs to the cell above."""
        index = bisect_left(self._starts, line)
        start = self._starts[index - 1] if index else 0
        return self._cells.get(start), line - start

    def locate(self, answer: Answer) -> Answer:
        """Return an answer with its line as cell and line in the cell, or without line if the text has no such line."""
        if not isinstance(answer, Raised | Absent) or answer.line is None:
            return answer
        if answer.line > self._last:
            return replace(answer, line=None)
        cell, line = self.place(answer.line)
        placed = replace(answer, line=line, cell=cell)
        return replace(placed, detail=_LINE.sub(self._words, placed.detail)) if isinstance(placed, Absent) else placed

    def _words(self, found: re.Match[str]) -> str:
        """Return a line number that was found in a message of Python as cell and line, in words."""
        cell, line = self.place(int(found[2]))
        return f"in cell {cell}, line {line}" if cell else found[0]


class LocatedImplementation(Forwarder):
    """Implementation whose answers state lines as the student counts them, and why a function is not there.

    text, origin: as for CellMap.
    """

    def __init__(self, implementation: Implementation, text: str, origin: str) -> None:
        super().__init__(implementation)
        self._places, self._text = CellMap(text, origin), text

    def __getattr__(self, name: str) -> Any:
        """Return what else the implementation has, such as its source if that is at hand."""
        return getattr(self._implementation, name)

    def call_many(self, request_batch: RequestBatch, seconds: float) -> list[Any] | None:
        """Return the implementation's answers, located."""
        if (answers := self._implementation.call_many(request_batch, seconds)) is None:
            return None
        return [self._located(ask.function, each) for ask, each in zip(request_batch.requests, answers, strict=True)]

    def respond(self, request: Request, seconds: float | None) -> Any:
        """Return the implementation's answer, located."""
        return self._located(request.function, super().respond(request, seconds))

    def _located(self, function: str, answer: Answer) -> Answer:
        """Return an answer with its line as cell and line; for an absent function with the reason from the text."""
        found = read(self._text).last(function) if isinstance(answer, Absent) and answer.reason != "missing" else None
        if found and isinstance(answer, Absent) and answer.reason == "syntax" and found.kind == "broken":
            answer = replace(answer, detail=found.detail, line=found.line)
        elif found and isinstance(answer, Absent) and answer.reason == "not callable" and answer.line is None:
            why = "; its name was given to the result of a call" if found.kind == "result" else ""
            answer = replace(answer, detail=f"{answer.detail}{why}", line=found.line)
        return self._places.locate(answer)
