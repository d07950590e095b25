"""Compare a result with the expected one, and report the first difference.

Every test is written so that NaN fails it: a value passes only when its difference is <= the allowance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.values import Unsupported


@dataclass(frozen=True)
class Difference:
    """The first difference of two values. text: with numbers, for public cases; plain: fixed words, for hidden."""

    kind: str
    text: str
    plain: str


def compare(name: str, got: Any, expected: Any, rtol: float, atol: float, where: str = "") -> Difference | None:
    """Return the first difference between `got` and `expected`; None when they are equal within tolerance.

    Values are arrays, numbers, strings, None, and sequences and dicts of them. Entries may differ by
    rtol·(|expected| + rms(expected)) + atol. where: text appended to each place, such as " after step 3".
    """
    return _Comparison(name, rtol, atol, where).compare(got, expected)


@dataclass(frozen=True)
class _Comparison:
    """Comparison of one value: its name, and the tolerances."""

    name: str
    rtol: float
    atol: float
    where: str

    def _difference(self, kind: str, text: str, plain: str) -> Difference:
        return Difference(kind, f"{self.name}{self.where} {text}", f"{self.name} {plain}")

    def compare(self, got: Any, expected: Any) -> Difference | None:
        """Return the first difference; None where there is none."""
        if isinstance(got, Unsupported) and got.shape is not None:  # the value was too large to be sent
            if got.is_large_array and isinstance(expected, np.ndarray | np.generic | int | float):
                return self._difference("shape", f"has shape {got.shape}, expected {np.shape(expected)}.",
                                        "has the wrong shape.")  # fmt: skip
            text = f"is {show(got)}, which is too large to be right."
            return self._difference("shape", text, "is too large to be right.")
        if isinstance(expected, Mapping | list | tuple):
            return self._items(got, expected)
        if isinstance(expected, np.ndarray) and expected.ndim:
            return self._array(got, expected)
        if isinstance(expected, bool | np.bool_):
            right = isinstance(got, bool | np.bool_) and bool(got) == bool(expected)
        elif isinstance(expected, int | float | np.generic | np.ndarray):
            return self._number(got, expected)
        else:
            right = type(got) is type(expected) and bool(got == expected)
        return None if right else self._difference("value", f"is {show(got)}, expected {show(expected)}.", "is wrong.")

    def _items(self, got: Any, expected: Any) -> Difference | None:
        if isinstance(expected, Mapping):
            if not isinstance(got, Mapping):
                text = f"is {show(got)}, expected a dict with the keys {', '.join(expected)}."
                return self._difference("type", text, "is not a dict.")
            if set(got) != set(expected):
                text = f"has the keys {', '.join(map(str, got))}, expected {', '.join(expected)}."
                return self._difference("shape", text, "has the wrong keys.")
        else:
            if not isinstance(got, list | tuple):
                return self._difference("type", f"is {show(got)}, expected a list of {len(expected)}.",
                                        "is not a list.")  # fmt: skip
            if len(got) != len(expected):
                text = f"has {len(got)} items, expected {len(expected)}."
                return self._difference("shape", text, "has the wrong length.")
        keys = expected if isinstance(expected, Mapping) else range(len(expected))
        found = (replace(self, name=f"{self.name}[{key!r}]").compare(got[key], expected[key]) for key in keys)
        return next(filter(None, found), None)

    def _array(self, got: Any, expected: np.ndarray) -> Difference | None:
        if isinstance(got, Unsupported) and got.kind.startswith("array of "):
            return self._dtype(got.kind.removeprefix("array of "), expected.dtype)
        if not isinstance(got, np.ndarray):
            text = f"is {show(got)}, expected an array of shape {expected.shape}."
            return self._difference("type", text, "is not an array.")
        if got.shape != expected.shape:
            return self._shape(got, expected)
        if got.dtype != expected.dtype and not (got.dtype.kind in "iu" and expected.dtype.kind in "iu"):
            return self._dtype(str(got.dtype), expected.dtype)
        return self._values(got, expected)

    def _number(self, got: Any, expected: Any) -> Difference | None:
        target = np.asarray(expected)
        if isinstance(got, np.ndarray) and got.ndim:
            return self._shape(got, target)
        if isinstance(got, bool) or not _numeric(got):
            text = f"is {show(got)}, expected the number {show(expected)}."
            return self._difference("type", text, "is not a number.")
        value = np.asarray(got)
        if target.dtype.kind in "iu" and value.dtype.kind not in "iu":
            text = f"is {show(got)}, a {value.dtype.name}; expected the int {show(expected)}."
            return self._difference("dtype", text, "is not an int.")
        if value.dtype.kind == "f" and value.dtype.itemsize < 8 and target.dtype == np.float64:
            return self._dtype(str(value.dtype), target.dtype)
        return self._values(value, target)

    def _dtype(self, got: str, expected: np.dtype[Any]) -> Difference:
        plain = f"has dtype {got}, expected {expected}."
        return self._difference("dtype", f"{plain} {dtype_repair(got, expected)}", plain)

    def _shape(self, got: np.ndarray, expected: np.ndarray) -> Difference:
        text = f"has shape {got.shape}, expected {expected.shape}."
        if got.size == expected.size and got.dtype.kind in "fiub":
            if self._values(got.reshape(expected.shape), expected) is None:
                text += " The values are right, only the shape is not."
        elif got.size == 0:
            text = f"is empty: shape {got.shape}, expected {expected.shape}."
        return self._difference("shape", text, "has the wrong shape.")

    def _values(self, got: np.ndarray, expected: np.ndarray) -> Difference | None:
        if got.dtype.kind not in "fiub":
            return self._difference("dtype", f"has dtype {got.dtype}.", "has the wrong dtype.")
        if expected.dtype.kind == "f" and expected.size:  # quick tests for right answers, with a part of the tolerance
            with np.errstate(all="ignore"):
                off = np.subtract(got, expected)  # its extremes are finite only where all entries of both are
                if (-self.atol <= off.min() and off.max() <= self.atol) or (np.isfinite(expected).all() and (
                        np.abs(off) <= self.rtol * np.abs(expected) + self.atol).all()):  # fmt: skip
                    return None
        wrong = wrong_entries(got, expected, self.rtol, self.atol)
        if not wrong.any():
            return None
        bad = wrong & ~np.isfinite(got) & np.isfinite(expected)
        kind, plain = ("nonfinite", "holds nan or inf") if bad.any() else ("values", "has wrong values")
        with np.errstate(all="ignore"):
            off = np.abs(got.astype(np.float64) - expected.astype(np.float64))
        off = np.where(bad if bad.any() else wrong, np.where(np.isnan(off), np.inf, off), -1.0)
        index = tuple(map(int, np.unravel_index(int(off.argmax()), off.shape)))
        place = f"{self.name}[{', '.join(map(str, index))}]" if index else self.name
        entries = f" ({int(wrong.sum())} of {wrong.size} entries differ)" if wrong.size > 1 else ""
        text = f"{place}{self.where} is {digits_of(got[index], expected[index])}{entries}."
        return Difference(kind, text, f"{self.name} {plain}.")


def dtype_repair(got: str, expected: np.dtype[Any]) -> str:
    """Return advice on how to convert an array to the expected dtype."""
    if got.startswith("complex"):
        return "Take its real part."
    if expected.kind == "b":
        return "A comparison such as x > 0 gives truth values."
    if got == "bool":
        kind = "int" if expected.kind in "iu" else "float"
        return f"A comparison gives True and False; .astype({kind}) makes numbers."
    if expected.kind in "iu":
        return "Counts, labels and indices are whole numbers: `//` and .astype(int) give them."
    if got.startswith(("int", "uint")):
        return "An array of ints cuts off what stands behind the point: make it one of floats."
    return "Keep the precision of the input."


def same(got: Any, expected: Any, rtol: float = 1e-9) -> bool:
    """Return whether two results are equal for a diagnosis: within rtol, in shape and dtype, NaN equal to NaN."""
    if isinstance(expected, Mapping):
        keys = isinstance(got, Mapping) and got.keys() == expected.keys()
        return keys and all(same(got[key], expected[key], rtol) for key in expected)
    if isinstance(expected, list | tuple):
        fits = isinstance(got, list | tuple) and len(got) == len(expected)
        return fits and all(same(mine, theirs, rtol) for mine, theirs in zip(got, expected, strict=True))
    if not _numeric(expected) or not _numeric(got):
        return type(got) is type(expected) and bool(got == expected)
    got, expected = np.asarray(got), np.asarray(expected)
    if got.shape != expected.shape or got.dtype.kind != expected.dtype.kind:
        return False
    if expected.dtype.kind not in "fc":
        return bool(np.array_equal(got, expected))
    return not mismatch(got, expected, rtol).any()


def mismatch(got: np.ndarray, expected: np.ndarray, rtol: float = 1e-9) -> np.ndarray:
    """Return True where an entry differs by more than `rtol` times the sum of its size and the largest entry's size.

    Both arrays are numeric and of equal shape; nan equals nan, inf equals inf.
    """
    with np.errstate(all="ignore"):
        size = np.abs(expected)
        allowed = rtol * size + rtol * size.max(initial=0.0, where=np.isfinite(size))  # size + max could be inf
    return _beyond(got, expected, allowed)


def allowance(expected: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """Return the allowed difference of each entry, in the shape of `expected`."""
    size = np.abs(np.where(np.isfinite(expected), expected, 0.0))
    largest = float(np.max(size, initial=0.0))
    if not largest:
        return np.full(size.shape, atol)
    # Divided by the largest entry first: the square of 1e200 is inf, and an infinite allowance passes anything.
    rms = largest * float(np.sqrt(np.mean(np.square(size / largest))))
    return np.asarray(rtol * size + rtol * rms + atol)


def show(value: Any) -> str:
    """Return a value in few characters: arrays by shape, numbers to four digits."""
    if isinstance(value, Unsupported):
        if value.shape is None:
            return f"an object of type {value.kind}"
        return f"an array of shape {value.shape}" if value.is_large_array else f"a {value.kind} of {value.shape[0]}"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    if isinstance(value, np.ndarray | np.generic):
        value = value.item()
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple | dict):
        return f"a {type(value).__name__} of {len(value)}"
    return repr(value)[:60]


def wrong_entries(got: np.ndarray, expected: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """Return the mask of entries that differ by more than the tolerance; both arrays are numeric, of equal shape."""
    if expected.dtype.kind != "f":
        return np.asarray(got != expected)
    return _beyond(got, expected, allowance(expected, rtol, atol))


def _beyond(got: np.ndarray, expected: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """Return True where entries differ by more than allowed; nan equals nan and inf equals inf only."""
    finite = np.isfinite(expected)
    with np.errstate(all="ignore"):
        near = np.abs(got - expected) <= allowed
    return ~(near if finite.all() else np.where(finite, near, (got == expected) | np.isnan(got) & np.isnan(expected)))


def digits_of(got: Any, expected: Any, word: str = "expected") -> str:
    """Return both numbers as a text, with as many digits as it takes to see their difference."""
    for digits in (4, 6, 9, 12, 17):
        left, right = f"{float(got) + 0.0:.{digits}g}", f"{float(expected) + 0.0:.{digits}g}"  # no -0
        if left != right:
            break
    return f"{left}, {word} {right}"


def _numeric(value: Any) -> bool:
    return isinstance(value, int | float | np.generic | np.ndarray)
