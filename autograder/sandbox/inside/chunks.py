"""Split a text into top-level statements, without parsing it and piece by piece where it does not parse.

So one broken function affects only itself.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

CELL = "# %%"
"""Start of a comment that separates cells, in editors and in a notebook's text."""
BESIDE = "_ModulesBeside"
"""Name of a class at the end of a text that holds the modules it imports; it is run before all other statements."""
UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
_OPENER = re.compile(r"(?:async\s+def|def|class|import|from)\b|@")
_CONTINUED = re.compile(r"(?:else|elif|except|finally)\b|[)\]}#]")
_HEADER = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)", re.MULTILINE)
_LINE = re.compile(r"\b(on|at) line (\d+)\b")
_DETAIL = 500
_WORK, _LEAST_WORK = 16, 1 << 16
"""The pieces of a text that does not parse are parsed up to this many times its length, and at least this many
characters, in all: an unclosed quote in every piece would otherwise have the rest of the text parsed for each."""


@dataclass(frozen=True)
class BrokenChunk:
    """Piece that does not parse."""

    names: tuple[str, ...]
    """Names of the functions and classes that the piece should define."""
    first: int
    """First line of the piece."""
    line: int
    """Line of the error."""
    detail: str
    """Error message."""


def parse(text: str, filename: str) -> list[ast.stmt | BrokenChunk]:
    """Return the top-level statements of `text`, with a BrokenChunk in place of each piece that does not parse."""
    try:
        found: list[ast.stmt | BrokenChunk] = list(ast.parse(text, filename).body)
    except UNPARSABLE:
        found = list(_pieces(text.split("\n"), filename))
    if found and isinstance(found[-1], ast.ClassDef) and found[-1].name == BESIDE:
        found.insert(0, found.pop())
    return found


def _pieces(lines: list[str], filename: str) -> Iterator[ast.stmt | BrokenChunk]:
    """Yield the pieces cell by cell, so that an unclosed bracket or quote ends with its cell."""
    edges = [0, *(number for number, line in enumerate(lines) if number and line.startswith(CELL)), len(lines)]
    work = _Work(_LEAST_WORK + _WORK * sum(map(len, lines)))
    for start, stop in pairwise(edges):
        yield from _cell(lines, start, stop, filename, work)


@dataclass
class _Work:
    """Characters that may still be parsed."""

    left: int


def _cell(lines: list[str], start: int, stop: int, filename: str, work: _Work) -> Iterator[ast.stmt | BrokenChunk]:
    while start < stop:
        end = _end(lines, start, stop) if work.left > 0 else stop
        parsed = _parse(lines, start, end, filename, work)
        if isinstance(parsed, BrokenChunk) and work.left > 0:
            end = _next_opener(lines, start, end)
            parsed = _parse(lines, start, end, filename, work)
        yield from [parsed] if isinstance(parsed, BrokenChunk) else parsed
        start = end


def _parse(lines: list[str], start: int, end: int, filename: str, work: _Work) -> list[ast.stmt] | BrokenChunk:
    text = "\n".join(lines[start:end]) + "\n"
    names = tuple(_HEADER.findall(text))
    if work.left <= 0:
        return BrokenChunk(names, start + 1, start + 1, "too much before it does not parse")
    work.left -= len(text)
    try:
        return [ast.increment_lineno(node, start) for node in ast.parse(text, filename).body]
    except UNPARSABLE as error:
        line = (getattr(error, "lineno", None) or 1) + start
        detail = error.msg if isinstance(error, SyntaxError) else f"{type(error).__name__}: {error}"
        moved = _LINE.sub(lambda found: f"{found[1]} line {int(found[2]) + start}", str(detail))
        return BrokenChunk(names, start + 1, min(line, len(lines)), moved[:_DETAIL])


def _end(lines: list[str], start: int, stop: int) -> int:
    """Return the line after the piece that begins at `start`: the next at column 0 that continues nothing."""
    margin = Margin()
    decorated = False
    for number in range(start, stop):
        line = lines[number]
        if number > start and not decorated and _may_begin(margin, line):
            return number
        decorated = line.startswith("@") or (decorated and not _HEADER.match(line))
        margin.read(line)
    return stop


def _next_opener(lines: list[str], start: int, end: int) -> int:
    """Return the last possible end of a broken piece: an unclosed quote may have included what follows."""
    first = start
    while first < end and (lines[first].startswith("@") or not lines[first].strip()):
        first += 1
    return next((number for number in range(first + 1, end) if _OPENER.match(lines[number])), end)


def _may_begin(margin: Margin, line: str) -> bool:
    """Return whether a piece may begin with this line: it is at column 0 and continues nothing."""
    if margin.quote or margin.joined or not line.strip() or line[0].isspace():
        return False
    if _OPENER.match(line):
        margin.depth = 0
    return margin.depth == 0 and not _CONTINUED.match(line)


_OUTSIDE = re.compile(r"\\.|(#)|('''|\"\"\"|'|\")|([(\[{])|([)\]}])")
_INSIDE = re.compile(r"\\.|'''|\"\"\"|'|\"")


class Margin:
    """Reader of a text, line by line without line ends.

    quote: the open quotes, "" outside strings; depth: the number of open brackets; joined: the previous line ended in a
    backslash.
    """

    def __init__(self) -> None:
        self.quote = ""
        self.depth = 0
        self.joined = False

    @property
    def free(self) -> bool:
        """Return whether the next line begins a statement."""
        return not (self.quote or self.depth or self.joined)

    def read(self, line: str) -> None:
        """Read one line."""
        at, self.joined = 0, line.endswith("\\")
        while at < len(line):
            at = self._string(line, at) if self.quote else self._code(line, at)
        if len(self.quote) == 1 and not self.joined:
            self.quote = ""

    def _string(self, line: str, at: int) -> int:
        """Return the place after the end of the open string, or the end of the line."""
        for found in _INSIDE.finditer(line, at):
            if found[0].startswith(self.quote):
                end = found.start() + len(self.quote)
                self.quote = ""
                return end
        return len(line)

    def _code(self, line: str, at: int) -> int:
        """Return the place after the next quote or bracket outside strings, or the end of the line."""
        found = _OUTSIDE.search(line, at)
        if found is None:
            return len(line)
        comment, quote, opening, closing = found.groups()
        if comment:
            self.joined = False
            return len(line)
        self.quote = quote or ""
        self.depth = max(0, self.depth + bool(opening) - bool(closing))
        return found.end()
