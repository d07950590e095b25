"""Numbers as Python source, which a student can paste, and the values `Rng`, `Code` and `Unsupported`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Value = float | str
"""A number; "nan", "inf" and "-inf" as text, as a record holds them."""


def number(value: Value, digits: int = 6) -> str:
    """Return a number in few digits: 3, -0.5, 1e-30, nan; never -0."""
    return f"{float(value) + 0.0:.{digits}g}"


def array(shape: Sequence[int], values: Sequence[Value]) -> str:
    """Return the Python source of a float64 array of these values, flat in C order; of a number if it has no axis."""
    if not shape:
        return _float(values[0])
    if len(shape) == 2 and values:
        rows = [values[start : start + shape[1]] for start in range(0, len(values), shape[1])]
        return f"np.array([{', '.join(map(_row, rows))}])"
    return f"np.array({_row(values)})" + (f".reshape({', '.join(map(str, shape))})" if len(shape) > 1 else "")


def _row(values: Sequence[Value]) -> str:
    return f"[{', '.join(map(_float, values))}]"


def _float(value: Value) -> str:
    """Return a number as Python source with a decimal point, so that an array of such numbers is one of floats."""
    value = float(value)
    if not math.isfinite(value):
        return f"{'-' * (value < 0)}np.{'nan' if math.isnan(value) else 'inf'}"
    text = number(value, 9)
    return text if set(text) & set(".e") else f"{text}.0"


@dataclass(frozen=True)
class Rng:
    """An argument that reaches the student as `np.random.default_rng(seed)`."""

    seed: int


@dataclass(frozen=True)
class Code:
    """An argument that reaches the student as the function `name` defined by `source`."""

    name: str
    source: str


@dataclass(frozen=True)
class Unsupported:
    """Stand-in for a returned value that cannot be sent. kind: name of its builtin or NumPy type, else "object"."""

    kind: str
    shape: tuple[int, ...] | None = None
    """For a value that is too large: the shape of an array, or the length of a text or a container."""

    @property
    def is_large_array(self) -> bool:
        """Return whether it stands for an array that is too large."""
        return self.shape is not None and self.kind.startswith("array of ")
