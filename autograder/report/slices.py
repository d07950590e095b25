"""Two-dimensional slices of an example's arrays: expected, yours and their difference, with the entries that differ."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from autograder import values
from autograder.report.report import Array, Example

SLICES, ROWS, COLUMNS = 3, 10, 10
"""The most slices, rows and columns shown: the first slices that differ, each around its worst entry."""

# Two numbers count as equal if |difference| <= RTOL * (|expected| + rms(expected)) + ATOL, as in the checks.
RTOL, ATOL = 1e-8, 1e-11
RIGHT = "·"


@dataclass(frozen=True)
class Panel:
    """Numbers in rows, as text."""

    title: str
    """Title above the numbers."""
    rows: tuple[tuple[str, ...], ...]
    """The numbers as text."""
    wrong: frozenset[tuple[int, int]] = frozenset()
    """(row, column) of entries that differ."""
    levels: tuple[tuple[int, ...], ...] = ()
    """Size and sign of each difference, -4 to 4."""

    def level(self, row: int, column: int) -> int:
        """Return size and sign of an entry's difference, -4 to 4."""
        return self.levels[row][column] if self.levels else 0


@dataclass(frozen=True)
class Slice:
    """Two axes of an array, in panels of equal size."""

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


def slices(example: Example, most: int = COLUMNS) -> tuple[list[Slice], int]:
    """Return the slices to show, with at most `most` columns, and the number of further slices that differ."""
    expected, yours = example.expected, example.yours
    if yours is None or yours.shape != expected.shape or 0 in expected.shape:
        given = [("expected", expected)] if yours is None else [("expected", expected), ("yours", yours)]
        return [_alone(example.output, title, array, most) for title, array in given if 0 not in array.shape], 0
    beside = _Beside(expected, yours)
    cuts = list(_cuts(expected.shape, example.output))
    picked = [cut for cut in cuts if any(beside.wrong[at] for row in cut.index for at in row)] or cuts
    return [beside.slice(example.output, cut, most) for cut in picked[:SLICES]], len(picked[SLICES:])


def planes(name: str, array: Array) -> list[Slice]:
    """Return all slices of a single array."""
    if 0 in array.shape:
        return []
    return [cut.slice(name, (Panel("", _text(array, cut)),)) for cut in _cuts(array.shape, name)]


def aligned(numbers: Sequence[str]) -> list[str]:
    """Pad the numbers of one column so that their decimal points align."""
    parts = [_split(number) for number in numbers]
    before, after = (max(map(len, side)) for side in zip(*parts, strict=True))
    return [f"{left:>{before}}{right:<{after}}" for left, right in parts]


def _split(number: str) -> tuple[str, str]:
    """Split a number before its point or exponent."""
    place = next((i for i, char in enumerate(number) if char in ".e"), len(number))
    return (number, "") if number in ("inf", "-inf", "nan") else (number[:place], number[place:])


class _Beside:
    """Compare two arrays of equal shape, entry by entry."""

    def __init__(self, expected: Array, yours: Array) -> None:
        pairs = [(float(a), float(b)) for a, b in zip(yours.values, expected.values, strict=True)]
        rms = _rms([right for _, right in pairs])
        self._expected, self._yours = expected, yours
        self.off = [_minus(mine, right) for mine, right in pairs]
        self.wrong = [not _near(gap, right, rms) for gap, (_, right) in zip(self.off, pairs, strict=True)]
        self._most = max((abs(gap) for gap in self.off if math.isfinite(gap)), default=0.0)

    def slice(self, name: str, whole: _Cut, most: int) -> Slice:
        """Return expected, yours and their difference, around the worst entry."""
        places = [(i, j) for i, row in enumerate(whole.index) for j, _ in enumerate(row)]
        cut = whole.around(*max(places, key=lambda at: _size(self.off[whole.index[at[0]][at[1]]])), most)
        wrong = frozenset((i, j) for i, row in enumerate(cut.index) for j, at in enumerate(row) if self.wrong[at])
        levels = tuple(tuple(self._level(at) for at in row) for row in cut.index)
        gaps = tuple(tuple(_gap(self.off[at]) if self.wrong[at] else RIGHT for at in row) for row in cut.index)
        digits = self._digits([cut.index[i][j] for i, j in wrong])
        panels = (
            Panel("expected", _text(self._expected, cut, digits)),
            Panel("yours", _text(self._yours, cut, digits), wrong, levels),
            Panel("yours − expected", gaps, wrong, levels),
        )
        return cut.slice(name, panels)

    def _digits(self, wrong: Sequence[int]) -> int:
        """Return the number of digits at which all wrong entries differ from the expected ones."""
        pairs = [(self._expected.values[at], self._yours.values[at]) for at in wrong]
        enough = (d for d in (4, 6, 9, 12) if all(values.number(a, d) != values.number(b, d) for a, b in pairs))
        return next(enough, 17)

    def _level(self, at: int) -> int:
        """Return the level of an entry's colour: 0 if right, ±4 for the largest difference and for NaN or infinity."""
        gap = self.off[at]
        if not self.wrong[at]:
            return 0
        if not math.isfinite(gap):
            return -4 if gap < 0 else 4
        return int(math.copysign(max(1, math.ceil(4 * (abs(gap) / self._most))), gap))


@dataclass(frozen=True)
class _Cut:
    """The flat indices of a slice's entries, and its position in the array."""

    place: tuple[int | None, ...]
    index: tuple[tuple[int, ...], ...]
    row: int = 0
    column: int = 0
    cropped: bool = False

    def around(self, row: int, column: int, most: int) -> _Cut:
        """Return the part shown, which contains this entry."""
        top = max(0, min(row - ROWS // 2, len(self.index) - ROWS))
        left = max(0, min(column - most // 2, len(self.index[0]) - most))
        part = tuple(line[left : left + most] for line in self.index[top : top + ROWS])
        cropped = (len(part), len(part[0])) != (len(self.index), len(self.index[0]))
        return _Cut(self.place, part, top, left, cropped)

    def slice(self, name: str, panels: tuple[Panel, ...]) -> Slice:
        """Return the slice with these panels."""
        words = ", ".join(":" if place is None else str(place) for place in self.place)
        rows, columns = (range(start, start + length) for start, length in (
            (self.row, len(self.index)), (self.column, len(self.index[0])),
        ))  # fmt: skip
        label = f"{name}[{words}]" if len(self.place) > 2 else name
        return Slice(label, rows, columns, self.cropped, panels)


def _alone(name: str, title: str, array: Array, most: int) -> Slice:
    """Return the first slice of a single array."""
    cut = next(_cuts(array.shape, name)).around(0, 0, most)
    return cut.slice(name, (Panel(f"{title}, shape {array.shape}", _text(array, cut)),))


def _cuts(shape: Sequence[int], name: str) -> Iterator[_Cut]:
    """Yield the slices of an array, in order."""
    plane = _plane(len(shape), name)
    strides = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    (rows, down), (columns, right) = [(1, 0), (1, 0), *((shape[axis], strides[axis]) for axis in plane)][-2:]
    for place in product(*((None,) if axis in plane else range(length) for axis, length in enumerate(shape))):
        start = sum(strides[axis] * step for axis, step in enumerate(place) if step is not None)
        yield _Cut(place, tuple(tuple(start + i * down + j * right for j in range(columns)) for i in range(rows)))


def _plane(axes: int, name: str) -> list[int]:
    """Return the axes of a slice: of images height and width, of kernels the first two, else the last two."""
    if axes == 4:
        return [0, 1] if name.rstrip("']").endswith("w") else [1, 2]
    return list(range(axes))[-2:]


def _text(array: Array, cut: _Cut, digits: int = 4) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(values.number(array.values[at], digits) for at in row) for row in cut.index)


def _minus(yours: float, expected: float) -> float:
    """Return the difference: 0 if both are NaN or the same infinity, NaN if only `expected` is not finite."""
    if yours == expected or (math.isnan(yours) and math.isnan(expected)):
        return 0.0
    return yours - expected if math.isfinite(expected) else math.nan


def _rms(values: Sequence[float]) -> float:
    finite = [value for value in values if math.isfinite(value)]
    largest = max(map(abs, finite), default=0.0)
    return largest * math.sqrt(sum((value / largest) ** 2 for value in finite) / len(finite)) if largest else 0.0


def _near(gap: float, expected: float, rms: float) -> bool:
    size = abs(expected) if math.isfinite(expected) else 0.0
    return gap == 0 or abs(gap) <= RTOL * (size + rms) + ATOL


def _size(gap: float) -> float:
    return math.inf if math.isnan(gap) else abs(gap)


def _gap(gap: float) -> str:
    return f"+{values.number(gap, 4)}" if gap > 0 else values.number(gap, 4)
