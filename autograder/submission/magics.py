"""Replace what only a notebook understands in a cell, keeping its line numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.sandbox.inside.chunks import Margin

# Cell magics whose body is Python that defines names; the body of any other magic is not.
_BODY = frozenset({"time", "capture", "prun", "debug", "memit", "mprun", "lprun", "snakeviz", "scalene"})
# Line magics that run the Python after them.
_RUNS = re.compile(r"%(?:time|prun|memit)\b(?!\s+-)\s*")
_CELL = re.compile(r"%%(\w*)")
_HELP = re.compile(r"\?.*|%{0,2}[\w.*\[\]]+\?{1,2}")
_ASSIGNED = re.compile(r"(?P<target>[A-Za-z_][\w.,\s\[\]]*=)\s*[!%]")


@dataclass(frozen=True)
class Plain:
    """Python code of one cell."""

    text: str
    """Python with as many lines as the cell."""
    foreign: str = ""
    """Cell magic because of which the cell is not Python, or ""."""
    changed: tuple[int, ...] = ()
    """Lines, from 1, that only a notebook understands."""


def plain(source: str) -> Plain:
    """Return the cell without magics, shell lines and questions; a cell that is not Python has no text."""
    lines = _outdented(source.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    written, magic = list(lines), _CELL.match(lines[first])
    if magic:
        if magic[1] not in _BODY:
            return Plain("", magic[0])
        lines[first] = ""
    done = _blanked(lines)
    changed = (number for number, (old, new) in enumerate(zip(written, done, strict=True), 1) if old != new)
    return Plain("\n".join(done), "", tuple(changed))


def _outdented(lines: list[str]) -> list[str]:
    """Remove the indent of a cell that is indented as a whole, as the notebook does."""
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    return [line.removeprefix(indent) for line in lines] if indent else lines


def _blanked(lines: list[str]) -> list[str]:
    margin, continues = Margin(), False
    done: list[str] = []
    for line in lines:
        if continues:  # a shell line with a backslash
            continues, new = line.endswith("\\"), ""
        else:
            new = _python(line) if margin.free else line
            continues = new != line and line.endswith("\\")
        margin.read(new)
        done.append(new)
    return done


def _python(line: str) -> str:
    """Return the line at which a statement begins as Python; a replaced line keeps its indent."""
    text = line.lstrip(" \t")
    indent = line[: len(line) - len(text)]
    body = text.rstrip()
    if body.startswith("%"):
        rest = _RUNS.sub("", body, count=1) if _RUNS.match(body) else ""
        return indent + (rest or "pass")
    if body.startswith("!") or _HELP.fullmatch(body):
        return f"{indent}pass"
    assigned = _ASSIGNED.match(body)
    return f"{indent}{assigned['target']} None" if assigned else line
