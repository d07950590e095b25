"""Two-dimensional slices of an example's arrays: expected, yours and their difference, with the entries that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from autograder import values
from autograder.report.report import Array, Example

SLICES, ROWS, COLUMNS = 3, 10, 10
"""The most slices, rows and columns shown: the first slices that differ, each around its worst entry."""

RIGHT = "·"


class PanelCell(NamedTuple):
    """A number as text."""

    text: str
    level: int = 0
    """Size and sign of its difference from the expected one, -4 to 4; 0 if it is right."""


Rows = list[list[PanelCell]]


@dataclass(frozen=True)
class Panel:
    """Numbers in rows."""

    title: str
    """Title above the numbers."""
    rows: Rows


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


def slices(example: Example, columns: int = COLUMNS, rows: int = ROWS) -> tuple[list[Slice], int]:
    """Return the slices to show, of at most so many columns and rows, and the number of further slices that differ."""
    size, expected = (rows, columns), _numbers(example.expected)
    given = {"expected": expected} | ({"yours": _numbers(example.yours)} if example.yours else {})
    yours = given.get("yours")
    if yours is None or yours.shape != expected.shape or not expected.size:
        return [_alone(example.output, title, array, size) for title, array in given.items() if array.size], 0
    off = _minus(yours, expected)
    levels = _levels(off, np.isin(np.arange(off.size), example.wrong).reshape(off.shape))
    cuts = list(_cuts(off.shape, example.output))
    picked = [(label, at) for label, at in cuts if levels[at].any()] or cuts
    arrays = expected, yours, off, levels
    shown = [_beside(label, [np.atleast_2d(each[at]) for each in arrays], size) for label, at in picked[:SLICES]]
    return shown, len(picked[SLICES:])


def planes(name: str, array: Array) -> list[tuple[str, Rows]]:
    """Return the label and the numbers of each slice of a single array."""
    numbers = _numbers(array)
    return [(label, _rows(np.atleast_2d(numbers[at]))) for label, at in _cuts(numbers.shape, name) if numbers.size]


def aligned(rows: Rows) -> list[tuple[str, ...]]:
    """Return the numbers of each row, padded so that the decimal points of a column align."""
    columns = ([_split(cell.text) for cell in column] for column in zip(*rows, strict=True))
    return list(zip(*map(_padded, columns), strict=True))


def _padded(parts: Sequence[tuple[str, str]]) -> list[str]:
    before, after = (max(map(len, side)) for side in zip(*parts, strict=True))
    return [f"{left:>{before}}{right:<{after}}" for left, right in parts]


def _split(number: str) -> tuple[str, str]:
    """Split a number before its point or exponent."""
    place = next((i for i, char in enumerate(number) if char in ".e"), len(number))
    return (number, "") if number in ("inf", "-inf", "nan") else (number[:place], number[place:])


def _numbers(array: Array) -> np.ndarray:
    return np.array([float(value) for value in array.values]).reshape(array.shape)


def _minus(yours: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return the difference: 0 if both are NaN or the same infinity, NaN if only `expected` is not finite."""
    with np.errstate(all="ignore"):
        off = np.where(np.isfinite(expected), yours - expected, np.nan)
    return np.where((yours == expected) | (np.isnan(yours) & np.isnan(expected)), 0.0, off)


def _levels(off: np.ndarray, wrong: np.ndarray) -> np.ndarray:
    """Return the level of each entry's colour: 0 if right, ±4 for the largest difference and for NaN or infinity."""
    finite = np.isfinite(off)
    sizes = np.where(finite, np.abs(off), 0.0)
    steps = np.maximum(1, np.ceil(4 * (sizes / (sizes.max() or 1.0))))
    return np.where(wrong, np.where(finite, steps, 4) * np.where(off < 0, -1, 1), 0).astype(int)


def _alone(name: str, title: str, array: np.ndarray, size: tuple[int, int]) -> Slice:
    """Return the first slice of a single array."""
    label, at = next(_cuts(array.shape, name))
    plane = np.atleast_2d(array[at])
    rows, columns = _around((0, 0), plane.shape, size)
    shown = plane[np.ix_(rows, columns)]
    return Slice(label, rows, columns, shown.shape != plane.shape,
                 (Panel(f"{title}, shape {array.shape}", _rows(shown)),))  # fmt: skip


def _beside(label: str, planes: Sequence[np.ndarray], size: tuple[int, int]) -> Slice:
    """Return expected, yours and their difference, around the worst entry. planes: these and the levels."""
    off = planes[2]
    worst = np.unravel_index(np.argmax(np.where(np.isnan(off), np.inf, np.abs(off))), off.shape)
    rows, columns = _around(worst, off.shape, size)
    expected, yours, gaps, levels = (plane[np.ix_(rows, columns)] for plane in planes)
    digits = _digits(expected[levels != 0], yours[levels != 0])
    signed = [[PanelCell("+" * (gap > 0) + cell.text, cell.level) if cell.level else PanelCell(RIGHT)
               for cell, gap in zip(*row, strict=True)]
              for row in zip(_rows(gaps, 4, levels), gaps.tolist(), strict=True)]  # fmt: skip
    panels = (Panel("expected", _rows(expected, digits)), Panel("yours", _rows(yours, digits, levels)),
              Panel("yours − expected", signed))  # fmt: skip
    return Slice(label, rows, columns, gaps.shape != off.shape, panels)


def _around(place: Sequence[Any], shape: Sequence[int], size: Sequence[int]) -> tuple[range, range]:
    """Return the rows and columns shown, which contain this entry. size: how many there are at most."""
    rows, columns = (
        range(start := max(0, min(int(at) - most // 2, length - most)), min(start + most, length))
        for at, length, most in zip(place, shape, size, strict=True)
    )
    return rows, columns


def _digits(expected: np.ndarray, yours: np.ndarray) -> int:
    """Return the number of digits at which every number differs from the one expected."""
    pairs = list(zip(expected, yours, strict=True))
    enough = (d for d in (4, 6, 9, 12) if all(values.number(a, d) != values.number(b, d) for a, b in pairs))
    return next(enough, 17)


def _cuts(shape: Sequence[int], name: str) -> Iterator[tuple[str, Any]]:
    """Yield the label and the index of each slice of an array, in order."""
    plane = _plane(len(shape), name)
    for at in product(*([slice(None)] if axis in plane else range(length) for axis, length in enumerate(shape))):
        words = ", ".join(":" if isinstance(step, slice) else str(step) for step in at)
        yield f"{name}[{words}]" if len(shape) > 2 else name, at


def _plane(axes: int, name: str) -> list[int]:
    """Return the axes of a slice: of images height and width, of kernels the first two, else the last two."""
    if axes == 4:
        return [0, 1] if name.rstrip("']").endswith("w") else [1, 2]
    return list(range(axes))[-2:]


def _rows(plane: np.ndarray, digits: int = 4, levels: Any = 0) -> Rows:
    marks = np.broadcast_to(levels, plane.shape).tolist()
    return [[PanelCell(values.number(number, digits), level) for number, level in zip(*row, strict=True)]
            for row in zip(plane.tolist(), marks, strict=True)]  # fmt: skip
