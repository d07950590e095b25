"""Pages of text: lines of styled segments, measured in columns.

Renderers give the styles colours, or none. Untrusted text is passed through `Page.ink`, which escapes it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len, chop_cells

from autograder.report.escape import disarm, show
from autograder.report.report import Status

Style = Literal["plain", "strong", "dim", "good", "bad", "warn", "hint"]
STYLES: dict[Status, Style] = {
    "passed": "good", "failed": "bad", "error": "bad", "slow": "warn", "skipped": "dim", "broken": "warn",
}  # fmt: skip
SYMBOLS = {
    "passed": "✔", "failed": "✘", "error": "✘", "slow": "~", "skipped": "…", "broken": "!",
    "half done": "½", "partly checked": "½", "not started": "…", "not handed in": "…",
    "not reached": "…",
}  # fmt: skip
"""Status, or state that stands for `skipped` → a character."""

# Replacements for encodings that lack a character; other characters are escaped.
_PLAIN = {
    "✔": "+", "✘": "x", "→": ">", "█": "#", "░": "-", "…": ".", "·": "-", "×": "x", "–": "-", "—": "-", "−": "-",
    "½": "/", "“": '"', "”": '"', "‘": "'", "’": "'", "≤": "<=", "≥": ">=", "≠": "!=",
    "○": "o", "↑": "^", "↓": "v", "▁": "_", "▂": ".", "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "%",
}  # fmt: skip
_LONGEST = 2_000
_HEIGHTS = "▁▂▃▄▅▆▇█"
_CURVE = 30


@dataclass(frozen=True)
class Segment:
    """A part of a line in one style."""

    text: str
    style: Style = "plain"


Line = tuple[Segment, ...]


@dataclass(frozen=True)
class Page:
    """The width, at least 40 columns, and the encoding of an output."""

    width: int = 100
    encoding: str = "utf-8"

    @property
    def columns(self) -> int:
        """Return the number of columns for text; one is reserved for the backslash that `guard` may add."""
        return max(self.width, 40) - 1

    def ink(self, text: str) -> str:
        """Return untrusted text escaped to one line, in the characters of this page's encoding."""
        # Commands are disarmed again after that, because replaced characters can form one.
        return disarm(self.encode(shorten(show(text), _LONGEST)))

    def encode(self, text: str) -> str:
        """Return a text with the characters that the page's encoding lacks replaced."""
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            return "".join(map(self._plain, text))
        return text

    def paragraph(self, lead: Line, text: str, style: Style = "plain") -> list[Line]:
        """Return a text after a lead, folded to the page, with a hanging indent."""
        start = sum(columns(segment.text) for segment in lead)
        first, *rest = fold(text, max(self.columns - start, 10))
        hang = Segment(" " * start)
        return [(*lead, Segment(first, style)), *((hang, Segment(line, style)) for line in rest)]

    def bar(self, score: float, most: float) -> str:
        """Return a bar of ten characters; full only for all points, empty only for none."""
        share = score / most if most > 0 else 0.0
        filled = min(10, max(math.floor(10 * share + 1e-9), int(share > 0)))
        return self.encode("█" * filled + "░" * (10 - filled))

    def curve(self, values: Sequence[float]) -> str:
        """Return at most 30 bars, scaled from the smallest to the largest value; "" without finite values."""
        finite = [value for value in values if math.isfinite(value)]
        count = min(len(finite), _CURVE)
        shown = [finite[round(i * (len(finite) - 1) / max(count - 1, 1))] for i in range(count)]
        low, spread = min(shown, default=0.0), (max(shown, default=0.0) - min(shown, default=0.0)) or 1.0
        return self.encode("".join(_HEIGHTS[round((value - low) / spread * (len(_HEIGHTS) - 1))] for value in shown))

    def symbol(self, state: str) -> str:
        """Return the character that stands for a status or a state on this page."""
        return self.encode(SYMBOLS[state])

    def _plain(self, char: str) -> str:
        try:
            char.encode(self.encoding)
        except UnicodeEncodeError:
            return _PLAIN.get(char) or char.encode("unicode_escape").decode("ascii")
        return char


def columns(text: str) -> int:
    """Return the width of a text in a terminal: wide characters take two columns, combining marks none."""
    return cell_len(text)


def fold(text: str, width: int) -> list[str]:
    """Fold a text to lines of at most `width` columns, at spaces, or inside a word that is too long for a line."""
    lines, line = [], ""
    for word in re.findall(r" *[^ ]+", text):
        if columns(line + word) > width:
            lines += [line] if line else []
            *full, word = chop_cells(word.lstrip() if line else word, width) or [""]
            lines, line = lines + full, ""
        line += word
    return [*lines, line]


def shorten(text: str, width: int) -> str:
    """Cut a text to `width` columns, with an ellipsis."""
    return text if columns(text) <= width else (chop_cells(text, width - 1) or [""])[0] + "…"


def fill(text: str, width: int) -> str:
    """Cut or pad a text to exactly `width` columns."""
    text = shorten(text, width)
    return text + " " * (width - columns(text))


def points(value: float) -> str:
    """Format points with at most two digits: 7, 7.5, 7.33."""
    return f"{round(value, 2):.2f}".rstrip("0").rstrip(".")


def amount(number: int, noun: str) -> str:
    """Return the number with the noun, in the plural unless it is 1: 1 grade, 2,000 grades."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def guard(lines: Iterable[Line]) -> list[Line]:
    """Return the lines with a backslash before two colons at a line's start, which build services would execute."""
    return [(Segment("\\"), *line) if plain(line).lstrip().startswith("::") else line for line in lines]


def logged(text: str) -> str:
    """Escape untrusted text to one line of a log, without commands."""
    line = show(text)
    return f"\\{line}" if line.lstrip().startswith("::") else line


def plain(line: Line) -> str:
    """Return the text of a line, without trailing blanks."""
    return "".join(segment.text for segment in line).rstrip()
