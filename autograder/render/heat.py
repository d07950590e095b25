"""Heat maps of the difference of two arrays, drawn with characters."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograder.report.report import Array, Example

_SHADES = "·░▒▓█"
_NOT_FINITE = "!"
_ROWS, _COLUMNS = 16, 40


def heat_map(example: Example) -> list[str]:
    """Return a line for each row of the first slice that differs: `·` equal, `░▒▓█` by difference, `!` not finite.

    Empty if the student returned no array, or one of another shape.
    """
    yours, expected = example.yours, example.expected
    if yours is None or yours.shape != expected.shape or not expected.values or not expected.shape:
        return []
    columns = expected.shape[-1]
    rows = expected.shape[-2] if len(expected.shape) > 1 else 1
    apart = _apart(yours, expected)
    size = rows * columns
    slices = [apart[start : start + size] for start in range(0, len(apart), size)]
    index, chosen = next(((i, each) for i, each in enumerate(slices) if any(each)), (0, slices[0]))
    title = [f"slice {_where(index, expected.shape[:-2])}"] if len(expected.shape) > 2 else []
    most = max((each for each in chosen if math.isfinite(each)), default=0.0)
    lines = [_line(chosen[start : start + columns], most) for start in range(0, size, columns)]
    return [*title, *lines[:_ROWS], *([f"({rows - _ROWS} more rows)"] if rows > _ROWS else [])]


def _apart(yours: Array, expected: Array) -> list[float]:
    pairs = zip(yours.values, expected.values, strict=True)
    return [0.0 if left == right else _distance(left, right) for left, right in pairs]


def _distance(left: float | str, right: float | str) -> float:
    if isinstance(left, str) or isinstance(right, str):
        return math.inf
    return abs(left - right)


def _line(values: Sequence[float], most: float) -> str:
    marks = "".join(_shade(value, most) for value in values[:_COLUMNS])
    return marks + ("…" if len(values) > _COLUMNS else "")


def _shade(value: float, most: float) -> str:
    if math.isinf(value):
        return _NOT_FINITE
    return _SHADES[math.ceil(value / most * (len(_SHADES) - 1))] if value else _SHADES[0]


def _where(index: int, shape: Sequence[int]) -> str:
    place: list[int] = []
    for size in reversed(shape):
        index, rest = divmod(index, size)
        place.insert(0, rest)
    return str(place)
