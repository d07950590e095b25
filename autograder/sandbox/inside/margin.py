"""Find the lines of a text that begin a statement, without parsing: those outside brackets and triple quotes."""

from __future__ import annotations

import re

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
