"""Conversion of an indented block of a docstring, mostly formulas, to Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import dedent

from autograder.authoring.build.latex import condition, typeset
from autograder.authoring.build.symbols import words
from autograder.spec.notation import NoFormula

_GAP = re.compile(r" {3,}")
_REMARK = re.compile(r"(?:if|where|for|otherwise|elsewhere|with|row by row|entry by entry|through|the|arctan)\b")
_PROSE = re.compile(r"[A-Za-z][\w' ,.-]* [\w' ,.-]+")


@dataclass
class _Line:
    """One line of a block: its formulas, and the remark that follows them."""

    formulas: list[str]
    remark: str = ""


def equations(block: str) -> tuple[str, str]:
    """Return the leading lines that are formulas as displayed equations, and the remaining lines."""
    lines = dedent(block).rstrip().split("\n")
    read = _read_all(lines)
    return _display(read) if read else "", "\n".join(lines[len(read) :])


def _read_all(lines: list[str]) -> list[_Line]:
    read: list[_Line] = []
    try:
        for line in lines:
            read.append(_read(line))
    except NoFormula:
        equal = all(_left(line) for line in read)
        return read if equal and not lines[len(read)].startswith(" ") else []
    return read


def _read(line: str) -> _Line:
    fields = _GAP.split(re.sub(r"\s+(>=|<=|=)\s+", r" \1 ", line.strip()))
    remark = fields.pop() if len(fields) > 1 and _REMARK.match(fields[-1]) else ""
    return _Line([_field(field) for field in fields], condition(remark) if remark else "")


def _field(text: str) -> str:
    """Typeset a formula, a link between two formulas, or an equation whose right side is prose."""
    if text == "and" or re.fullmatch(r'"\w+"', text):
        return words(text)
    try:
        return typeset(text)
    except NoFormula:
        left, equal, right = text.partition(" = ")
        if not (equal and _PROSE.fullmatch(right)):
            raise
        return f"{typeset(left)} = {words(right)}"


def _display(lines: list[_Line]) -> str:
    rows = [row for group in _groups(lines) for row in _rows(group)]
    return "$$\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}$$"


def _groups(lines: list[_Line]) -> list[list[_Line]]:
    """Group the cases of one definition: consecutive lines with a remark and the same left side, or none."""
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and line.remark and groups[-1][-1].remark and _left(line) in ("", _left(groups[-1][0])):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _left(line: _Line) -> str:
    return line.formulas[0].partition(" = ")[0] if " = " in line.formulas[0] else ""


def _rows(lines: list[_Line]) -> list[str]:
    if len(lines) == 1:
        return [_row(lines[0])]
    cases = r" \\ ".join(f"{line.formulas[0].rpartition(' = ')[2]} & {line.remark}" for line in lines)
    left = _left(lines[0])
    return [(f"{left} &= " if left else "& ") + rf"\begin{{cases}} {cases} \end{{cases}}"]


def _row(line: _Line) -> str:
    first, *others = line.formulas
    row = first.replace(" = ", " &= ", 1) if " = " in first else f"& {first}"
    row = r" \qquad ".join([row, *others])
    return rf"{row} \qquad {line.remark}" if line.remark else row
