"""Cutting a text that does not parse into top-level pieces, so that one broken function breaks only itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
_OPENER = re.compile(r"(?:async\s+def|def|class|import|from)\b|@")
_CONTINUED = re.compile(r"(?:else|elif|except|finally)\b|[)\]}#]")
_HEADER = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)", re.MULTILINE)
_TOKEN = re.compile(r"\\.|#[^\n]*|'''|\"\"\"|'|\"|[(\[{]|[)\]}]|\n", re.DOTALL)


@dataclass(frozen=True)
class Broken:
    """A piece that does not parse: the names it should define, its first line, where and why it fails."""

    names: tuple[str, ...]
    first: int
    line: int
    detail: str


def parse(text: str, filename: str) -> list[ast.stmt | Broken]:
    """The top-level statements of `text`, with Broken in the place of every piece that does not parse."""
    try:
        return list(ast.parse(text, filename).body)
    except UNPARSABLE:
        return list(_pieces(text.split("\n"), filename))


def _pieces(lines: list[str], filename: str) -> Iterator[ast.stmt | Broken]:
    start = 0
    while start < len(lines):
        end = _end(lines, start)
        parsed = _parse(lines, start, end, filename)
        if isinstance(parsed, Broken):
            end = _next_opener(lines, start, end)
            parsed = _parse(lines, start, end, filename)
        yield from [parsed] if isinstance(parsed, Broken) else parsed
        start = end


def _parse(lines: list[str], start: int, end: int, filename: str) -> list[ast.stmt] | Broken:
    text = "\n" * start + "\n".join(lines[start:end]) + "\n"
    try:
        return list(ast.parse(text, filename).body)
    except UNPARSABLE as error:
        line = getattr(error, "lineno", None) or start + 1
        detail = error.msg if isinstance(error, SyntaxError) else f"{type(error).__name__}: {error}"
        return Broken(tuple(_HEADER.findall(text)), start + 1, min(line, len(lines)), str(detail))


def _end(lines: list[str], start: int) -> int:
    """The line after the piece that begins at `start`: the next one that stands at column 0 and continues nothing."""
    state = _State()
    decorated = False
    for number in range(start, len(lines)):
        line = lines[number]
        if number > start and not decorated and state.may_begin(line):
            return number
        decorated = line.startswith("@") or (decorated and not _HEADER.match(line))
        state.read(line + "\n")
    return len(lines)


def _next_opener(lines: list[str], start: int, end: int) -> int:
    """Where a broken piece ends at the latest: quotes that nobody closed may have swallowed what follows."""
    first = start
    while first < end and (lines[first].startswith("@") or not lines[first].strip()):
        first += 1
    return next((number for number in range(first + 1, end) if _OPENER.match(lines[number])), end)


class _State:
    """Whether a line begins inside a triple-quoted string or inside brackets."""

    def __init__(self) -> None:
        self.quote = ""
        self.depth = 0
        self.joined = False

    def may_begin(self, line: str) -> bool:
        if self.quote or self.joined or not line.strip() or line[0].isspace():
            return False
        if _OPENER.match(line):
            self.depth = 0
        return self.depth == 0 and not _CONTINUED.match(line)

    def read(self, line: str) -> None:
        self.joined = line.endswith("\\\n")
        for token in _TOKEN.findall(line):
            self._token(token)

    def _token(self, token: str) -> None:
        if self.quote:
            closes = token == self.quote or (token == "\n" and len(self.quote) == 1 and not self.joined)
            self.quote = "" if closes else self.quote
        elif token in ("'", '"', "'''", '"""'):
            self.quote = token
        elif token in "([{":
            self.depth += 1
        elif token in ")]}":
            self.depth = max(0, self.depth - 1)
