"""The paper that feedback is laid out on: lines of styled segments, measured in columns.

A line is data; the dress (colours, or none) is put on by the renderer. Text from outside becomes ink first: escaped,
in the page's encoding, on one line, and no command to whoever reads the log.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.report.escape import disarm, show
from autograder.report.report import Status

Style = Literal["plain", "strong", "dim", "good", "bad", "warn", "hint"]
STYLES: dict[Status, Style] = {
    "passed": "good", "failed": "bad", "error": "bad", "slow": "warn", "skipped": "dim", "broken": "warn",
}  # fmt: skip
MARKS = {
    "passed": "✔", "failed": "✘", "error": "✘", "slow": "~", "skipped": "…", "broken": "!",
    "half done": "½", "partly checked": "½", "not started": "…", "not handed in": "…",
}  # fmt: skip
"""Of every status, and of every state that people read instead of `skipped`."""


# What a page that knows no better writes instead; anything else becomes its escape.
_PLAIN = {
    "✔": "+", "✘": "x", "→": ">", "█": "#", "░": "-", "…": ".", "·": "-", "×": "x", "–": "-", "—": "-", "−": "-",
    "½": "/", "“": '"', "”": '"', "‘": "'", "’": "'", "≤": "<=", "≥": ">=", "≠": "!=",
    "▁": "_", "▂": ".", "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "%",
}  # fmt: skip
_LONGEST = 2_000
_HEIGHTS = "▁▂▃▄▅▆▇█"
_CURVE = 30


@dataclass(frozen=True)
class Segment:
    """Some text of a line in one style."""

    text: str
    style: Style = "plain"


Line = tuple[Segment, ...]


@dataclass(frozen=True)
class Page:
    """Where text goes: `width` columns, at least 40, in an encoding that may know few characters."""

    width: int = 100
    encoding: str = "utf-8"

    @property
    def columns(self) -> int:
        """The columns to fill; one is kept for the mark that `guard` may add."""
        return max(self.width, 40) - 1

    def ink(self, text: str) -> str:
        """Text from outside on one line, inert, in characters that this page has."""
        # Once more at the end, because plainer characters could make a command of what was none.
        return disarm(self.encode(shorten(show(text), _LONGEST)))

    def encode(self, text: str) -> str:
        """The text with every character that the encoding lacks written in plainer ones."""
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            return "".join(map(self._plain, text))
        return text

    def paragraph(self, lead: Line, text: str, style: Style = "plain") -> list[Line]:
        """Ink behind a lead, folded to the page; further lines hang below the text's beginning."""
        start = sum(columns(segment.text) for segment in lead)
        first, *rest = fold(text, max(self.columns - start, 10))
        hang = Segment(" " * start)
        return [(*lead, Segment(first, style)), *((hang, Segment(line, style)) for line in rest)]

    def bar(self, score: float, most: float) -> str:
        """Ten segments; full only when nothing is missing, empty only when nothing was earned."""
        share = score / most if most > 0 else 0.0
        filled = min(10, max(math.floor(10 * share + 1e-9), int(share > 0)))
        return self.encode("█" * filled + "░" * (10 - filled))

    def curve(self, values: Sequence[float]) -> str:
        """At most 30 bars, each as high as its number lies between the smallest and the largest; "" without numbers."""
        finite = [value for value in values if math.isfinite(value)]
        count = min(len(finite), _CURVE)
        shown = [finite[round(i * (len(finite) - 1) / max(count - 1, 1))] for i in range(count)]
        low, spread = min(shown, default=0.0), (max(shown, default=0.0) - min(shown, default=0.0)) or 1.0
        return self.encode("".join(_HEIGHTS[round((value - low) / spread * (len(_HEIGHTS) - 1))] for value in shown))

    def mark(self, state: str) -> str:
        """One character for a status or a state; the word always stands beside it, or in the legend."""
        return self.encode(MARKS[state])

    def _plain(self, char: str) -> str:
        try:
            char.encode(self.encoding)
        except UnicodeEncodeError:
            return _PLAIN.get(char) or char.encode("unicode_escape").decode("ascii")
        return char


def columns(text: str) -> int:
    """How many columns a terminal gives the text: wide characters take two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fold(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns, broken at spaces, and inside a word only where it is too long for a line."""
    lines, line = [], ""
    for word in re.findall(r" *[^ ]+", text):
        if columns(line + word) > width:
            lines += [line] if line else []
            *full, word = _chop(word.lstrip() if line else word, width)
            lines, line = lines + full, ""
        line += word
    return [*lines, line]


def _chop(word: str, width: int) -> list[str]:
    pieces, used = [""], 0
    for char in word:
        if used + _width(char) > width:
            pieces, used = [*pieces, ""], 0
        pieces[-1] += char
        used += _width(char)
    return pieces


def shorten(text: str, width: int) -> str:
    """The text, or as much of it as fits before an ellipsis."""
    if columns(text) <= width:
        return text
    return _chop(text, width - 1)[0] + "…"


def fill(text: str, width: int) -> str:
    """The text cut or filled up to exactly `width` columns."""
    text = shorten(text, width)
    return text + " " * (width - columns(text))


def points(value: float) -> str:
    """Points without needless digits: 7, 7.5, 7.33."""
    return f"{round(value, 2):.2f}".rstrip("0").rstrip(".")


def guard(lines: Iterable[Line]) -> list[Line]:
    """The lines, with a backslash before any that a build service would obey: they begin with two colons."""
    return [(Segment("\\"), *line) if plain(line).lstrip().startswith("::") else line for line in lines]


def logged(text: str) -> str:
    """Text from outside as one line of a log, of any length: every character visible, and no command."""
    line = show(text)
    return f"\\{line}" if line.lstrip().startswith("::") else line


def plain(line: Line) -> str:
    """The line's text alone, without blanks at its end."""
    return "".join(segment.text for segment in line).rstrip()
