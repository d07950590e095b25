"""Two-dimensional slices of an example's arrays: expected, the student's and their difference.

NumPy is not used, because slices are drawn in a notebook's kernel, where a student's cells may have changed it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from autograder import values
from autograder.report.report import Array, Example

SLICES, ROWS, COLUMNS = 3, 10, 10
"""The most slices, rows and columns shown: the first slices that differ, each around its worst entry."""

RIGHT = "·"


class PanelCell(NamedTuple):
    """Number of a panel as text."""

    text: str
    level: int = 0
    """Size and sign of its difference from the expected one, -4 to 4; 0 if it is right."""


Rows = list[list[PanelCell]]


@dataclass(frozen=True)
class Panel:
    """Table of numbers with a title."""

    title: str
    """Title above the numbers."""
    rows: Rows


@dataclass(frozen=True)
class Slice:
    """A slice of an array along two axes, as panels of equal size to show."""

    label: str
    """The slice in Python, such as dx[0, :, :, 1]."""
    rows: range
    """Row indices shown."""
    columns: range
    """Column indices shown."""
    cropped: bool
    """True if there are other rows or columns."""
    panels: tuple[Panel, ...]
    """Expected, yours and their difference, or one array alone."""


def slices(example: Example, columns: int = COLUMNS, rows: int = ROWS) -> tuple[list[Slice], int]:
    """Return the slices to show, of at most so many columns and rows, and the number of further slices that differ."""
    size = rows, columns
    expected, yours = example.expected, example.yours
    if yours is None or yours.shape != expected.shape or 0 in expected.shape:
        given = [("expected", expected)] if yours is None else [("expected", expected), ("yours", yours)]
        return [_alone(example.output, title, array, size) for title, array in given if 0 not in array.shape], 0
    beside = _Beside(expected, yours, frozenset(example.wrong))
    cuts = list(_cuts(expected.shape, example.output))
    picked = [cut for cut in cuts if any(at in beside.wrong for row in cut.index for at in row)] or cuts
    return [beside.slice(cut, size) for cut in picked[:SLICES]], len(picked[SLICES:])


def planes(name: str, array: Array) -> list[tuple[str, Rows]]:
    """Return the label and the numbers of each slice of a single array."""
    return [(cut.label, _rows(array, cut)) for cut in _cuts(array.shape, name) if 0 not in array.shape]


def aligned(rows: Rows) -> list[tuple[str, ...]]:
    """Return the numbers of each row, padded so that the decimal points of a column align."""
    columns = ([_split(cell.text) for cell in column] for column in zip(*rows, strict=True))
    return list(zip(*map(_padded, columns), strict=True))


def _padded(parts: Sequence[tuple[str, str]]) -> list[str]:
    before, after = (max(map(len, side)) for side in zip(*parts, strict=True))
    return [f"{left:>{before}}{right:<{after}}" for left, right in parts]


def _split(number: str) -> tuple[str, str]:
    """Return a number's text split before its point or exponent."""
    place = next((i for i, char in enumerate(number) if char in ".e"), len(number))
    return (number, "") if number in ("inf", "-inf", "nan") else (number[:place], number[place:])


class _Beside:
    """Comparison of two arrays of equal shape, entry by entry."""

    def __init__(self, expected: Array, yours: Array, wrong: frozenset[int]) -> None:
        pairs = zip(yours.values, expected.values, strict=True)
        self._expected, self._yours, self.wrong = expected, yours, wrong
        self.off = [_minus(float(mine), float(right)) for mine, right in pairs]
        self._most = max((abs(gap) for gap in self.off if math.isfinite(gap)), default=0.0)

    def slice(self, whole: _Cut, size: tuple[int, int]) -> Slice:
        """Return the slice of expected, yours and their difference, cropped around the worst entry."""
        sizes = [math.inf if math.isnan(gap) else abs(gap) for gap in self.off]
        places = [(i, j) for i, row in enumerate(whole.index) for j, _ in enumerate(row)]
        cut = whole.around(*max(places, key=lambda at: sizes[whole.index[at[0]][at[1]]]), size)
        digits = self._digits([at for row in cut.index for at in row if at in self.wrong])
        gaps = [[self._gap(at) for at in row] for row in cut.index]
        return cut.slice(
            Panel("expected", _rows(self._expected, cut, digits)),
            Panel("yours", _rows(self._yours, cut, digits, self._level)), Panel("yours − expected", gaps),
        )  # fmt: skip

    def _gap(self, at: int) -> PanelCell:
        words = "+" * (self.off[at] > 0) + values.number(self.off[at], 4)
        return PanelCell(words, self._level(at)) if at in self.wrong else PanelCell(RIGHT)

    def _digits(self, wrong: Sequence[int]) -> int:
        """Return the number of digits at which all wrong entries differ from the expected ones."""
        pairs = [(self._expected.values[at], self._yours.values[at]) for at in wrong]
        enough = (d for d in (4, 6, 9, 12) if all(values.number(a, d) != values.number(b, d) for a, b in pairs))
        return next(enough, 17)

    def _level(self, at: int) -> int:
        """Return the level of an entry's colour: 0 if right, ±4 for the largest difference and for NaN or infinity."""
        gap = self.off[at]
        if at not in self.wrong:
            return 0
        if not math.isfinite(gap):
            return -4 if gap < 0 else 4
        return int(math.copysign(max(1, math.ceil(4 * (abs(gap) / self._most))), gap))


@dataclass(frozen=True)
class _Cut:
    """A slice of an array as the flat indices of its entries, with its position in the array."""

    label: str
    index: tuple[tuple[int, ...], ...]
    row: int = 0
    column: int = 0
    cropped: bool = False

    def around(self, row: int, column: int, size: tuple[int, int]) -> _Cut:
        """Return the part shown, which contains this entry. size: rows and columns."""
        down, right = size
        top = max(0, min(row - down // 2, len(self.index) - down))
        left = max(0, min(column - right // 2, len(self.index[0]) - right))
        part = tuple(line[left : left + right] for line in self.index[top : top + down])
        return _Cut(self.label, part, top, left, (len(part), len(part[0])) != (len(self.index), len(self.index[0])))

    def slice(self, *panels: Panel) -> Slice:
        """Return the slice with these panels."""
        rows = range(self.row, self.row + len(self.index))
        columns = range(self.column, self.column + len(self.index[0]))
        return Slice(self.label, rows, columns, self.cropped, panels)


def _alone(name: str, title: str, array: Array, size: tuple[int, int]) -> Slice:
    """Return the first slice of a single array."""
    cut = next(_cuts(array.shape, name)).around(0, 0, size)
    return cut.slice(Panel(f"{title}, shape {array.shape}", _rows(array, cut)))


def _cuts(shape: Sequence[int], name: str) -> Iterator[_Cut]:
    """Yield the slices of an array, in order."""
    plane = _plane(len(shape), name)
    strides = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    (rows, down), (columns, right) = [(1, 0), (1, 0), *((shape[axis], strides[axis]) for axis in plane)][-2:]
    for place in product(*((None,) if axis in plane else range(length) for axis, length in enumerate(shape))):
        start = sum(strides[axis] * step for axis, step in enumerate(place) if step is not None)
        words = ", ".join(":" if step is None else str(step) for step in place)
        label = f"{name}[{words}]" if len(shape) > 2 else name
        yield _Cut(label, tuple(tuple(start + i * down + j * right for j in range(columns)) for i in range(rows)))


def _plane(axes: int, name: str) -> list[int]:
    """Return the axes of a slice: of images height and width, of kernels the first two, else the last two."""
    if axes == 4:
        return [0, 1] if name.rstrip("']").endswith("w") else [1, 2]
    return list(range(axes))[-2:]


def _rows(array: Array, cut: _Cut, digits: int = 4, level: Callable[[int], int] = lambda at: 0) -> Rows:
    return [[PanelCell(values.number(array.values[at], digits), level(at)) for at in row] for row in cut.index]


def _minus(yours: float, expected: float) -> float:
    """Return yours - expected: 0 if both are NaN or the same infinity, NaN if only `expected` is not finite."""
    if yours == expected or (math.isnan(yours) and math.isnan(expected)):
        return 0.0
    return yours - expected if math.isfinite(expected) else math.nan
