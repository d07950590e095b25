"""Which lines of a text begin a statement, without parsing it: not those inside brackets or triple quotes."""

from __future__ import annotations

import re

_OUTSIDE = re.compile(r"\\.|(#)|('''|\"\"\"|'|\")|([(\[{])|([)\]}])")
_INSIDE = re.compile(r"\\.|'''|\"\"\"|'|\"")


class Margin:
    """Reads a text line by line, each without its end.

    quote: the quotes that are open, "" outside of strings; depth: how many brackets are; joined: the line before ended
    in a backslash.
    """

    def __init__(self) -> None:
        self.quote = ""
        self.depth = 0
        self.joined = False

    @property
    def free(self) -> bool:
        """Whether the next line begins something new."""
        return not (self.quote or self.depth or self.joined)

    def read(self, line: str) -> None:
        """Go past one line."""
        at, self.joined = 0, line.endswith("\\")
        while at < len(line):
            at = self._string(line, at) if self.quote else self._code(line, at)
        if len(self.quote) == 1 and not self.joined:
            self.quote = ""

    def _string(self, line: str, at: int) -> int:
        """Past the end of the string that is open, or to the end of the line."""
        for found in _INSIDE.finditer(line, at):
            if found[0].startswith(self.quote):
                end = found.start() + len(self.quote)
                self.quote = ""
                return end
        return len(line)

    def _code(self, line: str, at: int) -> int:
        """Past the next quote or bracket outside of strings, or to the end of the line."""
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
