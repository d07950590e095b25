"""Rendering an example in a terminal: inputs to paste, then expected, yours and their difference as grids."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from autograder import values
from autograder.render.page import Line, Page, Segment, columns
from autograder.report.report import Array, Example
from autograder.report.slices import COLUMNS, Panel, Slice, aligned, slices

_GAP = "    "
Block = list[Line]


def example_lines(example: Example, page: Page, inset: str, case: str | None = None) -> list[Line]:
    """Return the lines of an example. case: the finding's case, named if the example belongs to it."""
    title = f": “{example.case}”" if case and example.case.startswith(case) else ""
    lines = page.paragraph((Segment(inset),), page.ink(f"smallest input that fails{title}"), "dim")
    inset += "  "
    for name, value in example.inputs.items():
        for line in _python(name, value).split("\n"):
            indent = len(line) - len(line.lstrip())
            lines += page.paragraph((Segment(inset + " " * indent),), page.ink(line[indent:]))
    shown, more = _fitting(example, page, inset)
    for part in shown:
        lines += _slice(part, page, inset)
    if more:
        lines.append((Segment(f"{inset}and {more} more slice{'s differ' if more > 1 else ' differs'}", "dim"),))
    return lines + (page.paragraph((Segment(inset),), page.ink(example.outcome), "bad") if example.outcome else [])


def _python(name: str, value: Array | str) -> str:
    """Return the lines to paste: an assignment, or the definition of a function argument."""
    if isinstance(value, str):
        return value if value.startswith("def ") else f"{name} = {value}"
    return f"{name} = {values.array(value.shape, value.values)}"


def _fitting(example: Example, page: Page, inset: str) -> tuple[list[Slice], int]:
    """Return the slices with as many columns as fit the page, and the number of further slices."""
    most = COLUMNS
    while True:
        shown, more = slices(example, most)
        widest = max((_width(_block(panel, page)) for part in shown for panel in part.panels), default=0)
        if most == 1 or len(inset) + widest <= page.columns:
            return shown, more
        most -= 1


def _slice(part: Slice, page: Page, inset: str) -> list[Line]:
    """Return the panels side by side if they fit, else stacked. The title of a single panel follows the label."""
    crop = f", rows {_span(part.rows)}, columns {_span(part.columns)}" if part.cropped else ""
    alone = f" {part.panels[0].title}" if len(part.panels) == 1 else ""
    lines = page.paragraph((Segment(inset),), page.ink(f"{part.label}{alone}{crop}"), "strong")
    blocks = [_block(panel, page)[len(alone) > 0 :] for panel in part.panels]
    room = page.columns - len(inset)
    beside = sum(map(_width, blocks)) + len(_GAP) * (len(blocks) - 1) <= room
    for group in [blocks] if beside else [[block] for block in blocks]:
        lines += [_joined(row, [_width(block) for block in group], inset) for row in zip_longest(*group, fillvalue=())]
    return lines


def _span(indices: range) -> str:
    return str(indices.start) if len(indices) == 1 else f"{indices.start} to {indices.stop - 1}"


def _block(panel: Panel, page: Page) -> Block:
    """Return a panel's title and rows, with aligned decimal points in each column."""
    tall = [aligned(column) for column in zip(*panel.rows, strict=True)]
    rows = [
        [Segment("  " * (j > 0) + page.encode(text), "bad" if (i, j) in panel.wrong else "plain")
         for j, text in enumerate(row)]
        for i, row in enumerate(zip(*tall, strict=True))
    ]  # fmt: skip
    return [(Segment(page.encode(panel.title), "dim"),), *map(tuple, rows)]


def _width(block: Block) -> int:
    return max(sum(columns(segment.text) for segment in line) for line in block)


def _joined(lines: Sequence[Line], widths: Sequence[int], inset: str) -> Line:
    joined: Line = (Segment(inset),)
    for number, (line, width) in enumerate(zip(lines, widths, strict=True)):
        blank = width - sum(columns(segment.text) for segment in line)
        joined += (Segment(_GAP * (number > 0)), *line, Segment(" " * blank))
    return joined
