"""Compare a result with the expected one, and report the first difference.

Every test is written so that NaN fails it: a value passes only when its difference is <= the allowance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.values import Unsupported


@dataclass(frozen=True)
class Difference:
    """A difference. text: with numbers, for public cases. plain: fixed words, for hidden cases."""

    kind: str
    text: str
    plain: str


def compare(name: str, got: Any, expected: Any, rtol: float, atol: float, where: str = "") -> Difference | None:
    """None when `got` equals `expected` within tolerance, else the first difference.

    Arrays, numbers, strings, None, and sequences and dicts of them; `where` is appended to every place, such as
    " after step 3". Entries may differ by rtol·(|expected| + rms(expected)) + atol.
    """
    if isinstance(got, Unsupported) and got.shape is not None:
        return _too_large(name, got, expected, where)
    if isinstance(expected, Mapping):
        return _compare_dicts(name, got, expected, rtol, atol, where)
    if isinstance(expected, list | tuple):
        return _compare_sequences(name, got, expected, rtol, atol, where)
    if isinstance(expected, np.ndarray) and expected.ndim:
        return _compare_arrays(name, got, expected, rtol, atol, where)
    if isinstance(expected, bool | np.bool_):
        return _compare_truths(name, got, bool(expected), where)
    if isinstance(expected, int | float | np.generic | np.ndarray):
        return _compare_numbers(name, got, expected, rtol, atol, where)
    if type(got) is type(expected) and got == expected:
        return None
    return Difference("value", f"{name}{where} is {show(got)}, expected {show(expected)}.", f"{name} is wrong.")


def same(got: Any, expected: Any, rtol: float = 1e-9) -> bool:
    """Whether a diagnosis takes two results as equal: also in shape and dtype, with NaN equal to NaN."""
    if isinstance(expected, Mapping):
        return (
            isinstance(got, Mapping)
            and got.keys() == expected.keys()
            and all(same(got[key], expected[key], rtol) for key in expected)
        )
    if isinstance(expected, list | tuple):
        return (
            isinstance(got, list | tuple)
            and len(got) == len(expected)
            and all(same(mine, theirs, rtol) for mine, theirs in zip(got, expected, strict=True))
        )
    if not _numeric(expected) or not _numeric(got):
        return type(got) is type(expected) and bool(got == expected)
    got, expected = np.asarray(got), np.asarray(expected)
    if got.shape != expected.shape or got.dtype.kind != expected.dtype.kind:
        return False
    if expected.dtype.kind not in "fc":
        return bool(np.array_equal(got, expected))
    scale = float(np.max(np.abs(expected[np.isfinite(expected)]), initial=0.0))
    with np.errstate(over="ignore"):
        return bool(np.allclose(got, expected, rtol=rtol, atol=rtol * scale, equal_nan=True))


def allowance(expected: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """The allowed difference of each entry, in the shape of `expected`."""
    size = np.abs(np.where(np.isfinite(expected), expected, 0.0))
    largest = float(np.max(size, initial=0.0))
    if not largest:
        return np.full(size.shape, atol)
    # Divided by the largest entry first: the square of 1e200 is inf, and an infinite allowance passes anything.
    rms = largest * float(np.sqrt(np.mean(np.square(size / largest))))
    return np.asarray(rtol * size + rtol * rms + atol)


def show(value: Any) -> str:
    """A value in few characters: arrays by shape, numbers to four digits."""
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


def _too_large(name: str, got: Unsupported, expected: Any, where: str) -> Difference:
    """The difference of a value that was too large to be sent: of its shape, for its entries are not known."""
    if got.is_large_array and isinstance(expected, np.ndarray | np.generic | int | float):
        text = f"{name}{where} has shape {got.shape}, expected {np.shape(expected)}."
        return Difference("shape", text, f"{name} has the wrong shape.")
    text = f"{name}{where} is {show(got)}, which is too large to be right."
    return Difference("shape", text, f"{name} is too large to be right.")


def _compare_arrays(
    name: str, got: Any, expected: np.ndarray, rtol: float, atol: float, where: str
) -> Difference | None:
    if isinstance(got, Unsupported) and got.kind.startswith("array of "):
        dtype = got.kind.removeprefix("array of ")
        repair = "Take its real part." if dtype.startswith("complex") else "Keep the precision of the input."
        plain = f"{name} has dtype {dtype}, expected {expected.dtype}."
        return Difference("dtype", f"{name}{where} has dtype {dtype}, expected {expected.dtype}. {repair}", plain)
    if not isinstance(got, np.ndarray):
        text = f"{name}{where} is {show(got)}, expected an array of shape {expected.shape}."
        return Difference("type", text, f"{name} is not an array.")
    if got.shape != expected.shape:
        return _shape_difference(name, got, expected, rtol, atol, where)
    if not _dtype_fits(got.dtype, expected.dtype):
        plain = f"{name} has dtype {got.dtype}, expected {expected.dtype}."
        truths = got.dtype.kind == "b" and expected.dtype.kind == "f"
        repair = "Return numbers, not True and False." if truths else "Keep the precision of the input."
        return Difference("dtype", f"{name}{where} has dtype {got.dtype}, expected {expected.dtype}. {repair}", plain)
    return _value_difference(name, got, expected, rtol, atol, where)


def _shape_difference(
    name: str, got: np.ndarray, expected: np.ndarray, rtol: float, atol: float, where: str
) -> Difference:
    text = f"{name}{where} has shape {got.shape}, expected {expected.shape}."
    if got.size == expected.size and got.dtype.kind in "fiub":
        if _value_difference(name, got.reshape(expected.shape), expected, rtol, atol, where) is None:
            text += " The values are right, only the shape is not."
    elif got.size == 0:
        text = f"{name}{where} is empty: shape {got.shape}, expected {expected.shape}."
    return Difference("shape", text, f"{name} has the wrong shape.")


def _value_difference(
    name: str, got: np.ndarray, expected: np.ndarray, rtol: float, atol: float, where: str
) -> Difference | None:
    if got.dtype.kind not in "fiub":
        return Difference("dtype", f"{name}{where} has dtype {got.dtype}.", f"{name} has the wrong dtype.")
    if expected.dtype.kind == "f" and _plainly_equal(got, expected, rtol, atol):
        return None
    wrong = wrong_entries(got, expected, rtol, atol)
    return _describe(name, got, expected, wrong, where) if wrong.any() else None


def wrong_entries(got: np.ndarray, expected: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """Return True where an entry differs by more than the tolerance. Both arrays are numeric and of equal shape."""
    if expected.dtype.kind != "f":
        return np.asarray(got != expected)
    with np.errstate(over="ignore"):
        off = np.abs(np.where(np.isfinite(expected), got - np.where(np.isfinite(expected), expected, 0.0), 0.0))
    special = np.isfinite(expected) | (got == expected) | (np.isnan(got) & np.isnan(expected))
    return np.asarray(~((off <= allowance(expected, rtol, atol)) & special))


def _plainly_equal(got: np.ndarray, expected: np.ndarray, rtol: float, atol: float) -> bool:
    """Whether finite values lie within a part of what is allowed: a quick test for right answers."""
    with np.errstate(all="ignore"):
        near = np.abs(got - expected) <= rtol * np.abs(expected) + atol
    return bool(np.all(near & np.isfinite(expected)))


def _describe(name: str, got: np.ndarray, expected: np.ndarray, wrong: np.ndarray, where: str) -> Difference:
    bad = wrong & ~np.isfinite(got) & np.isfinite(expected)
    kind = "nonfinite" if bad.any() else "values"
    index = _worst(got, expected, bad if bad.any() else wrong)
    place = f"[{', '.join(map(str, index))}]" if index else ""
    entries = f" ({int(wrong.sum())} of {wrong.size} entries differ)" if wrong.size > 1 else ""
    text = f"{name}{place}{where} is {digits_of(got[index], expected[index])}{entries}."
    return Difference(kind, text, f"{name} holds nan or inf." if bad.any() else f"{name} has wrong values.")


def _worst(got: np.ndarray, expected: np.ndarray, wrong: np.ndarray) -> tuple[int, ...]:
    with np.errstate(all="ignore"):
        off = np.abs(got.astype(np.float64) - expected.astype(np.float64))
    off = np.where(wrong, np.where(np.isnan(off), np.inf, off), -1.0)
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(off)), off.shape))


def digits_of(got: Any, expected: Any, word: str = "expected") -> str:
    """`got, expected` with as many digits as it takes to see the difference."""
    for digits in (4, 6, 9, 12, 17):
        left, right = f"{float(got) + 0.0:.{digits}g}", f"{float(expected) + 0.0:.{digits}g}"  # no -0
        if left != right:
            break
    return f"{left}, {word} {right}"


def _compare_numbers(name: str, got: Any, expected: Any, rtol: float, atol: float, where: str) -> Difference | None:
    target = np.asarray(expected)
    if isinstance(got, np.ndarray) and got.ndim:
        return _shape_difference(name, got, target, rtol, atol, where)
    if isinstance(got, bool) or not _numeric(got):
        text = f"{name}{where} is {show(got)}, expected the number {show(expected)}."
        return Difference("type", text, f"{name} is not a number.")
    value = np.asarray(got)
    if target.dtype.kind in "iu" and value.dtype.kind not in "iu":
        text = f"{name}{where} is {show(got)}, a {value.dtype.name}; expected the int {show(expected)}."
        return Difference("dtype", text, f"{name} is not an int.")
    if value.dtype.kind == "f" and value.dtype.itemsize < 8 and target.dtype == np.float64:
        text = f"{name}{where} has dtype {value.dtype}, expected float64. Keep the precision of the input."
        return Difference("dtype", text, f"{name} has dtype {value.dtype}, expected float64.")
    return _value_difference(name, value, target, rtol, atol, where)


def _compare_truths(name: str, got: Any, expected: bool, where: str) -> Difference | None:
    if isinstance(got, bool | np.bool_) and bool(got) == expected:
        return None
    return Difference("value", f"{name}{where} is {show(got)}, expected {expected}.", f"{name} is wrong.")


def _compare_sequences(
    name: str, got: Any, expected: Sequence[Any], rtol: float, atol: float, where: str
) -> Difference | None:
    if not isinstance(got, list | tuple):
        text = f"{name}{where} is {show(got)}, expected a list of {len(expected)}."
        return Difference("type", text, f"{name} is not a list.")
    if len(got) != len(expected):
        text = f"{name}{where} has {len(got)} items, expected {len(expected)}."
        return Difference("shape", text, f"{name} has the wrong length.")
    return _first(name, got, expected, range(len(got)), rtol, atol, where)


def _compare_dicts(
    name: str, got: Any, expected: Mapping[str, Any], rtol: float, atol: float, where: str
) -> Difference | None:
    if not isinstance(got, Mapping):
        text = f"{name}{where} is {show(got)}, expected a dict with the keys {', '.join(expected)}."
        return Difference("type", text, f"{name} is not a dict.")
    if set(got) != set(expected):
        text = f"{name}{where} has the keys {', '.join(map(str, got))}, expected {', '.join(expected)}."
        return Difference("shape", text, f"{name} has the wrong keys.")
    return _first(name, got, expected, expected, rtol, atol, where)


def _first(name: str, got: Any, expected: Any, keys: Iterable[Any], *how: Any) -> Difference | None:
    return next(filter(None, (compare(f"{name}[{key!r}]", got[key], expected[key], *how) for key in keys)), None)


def _dtype_fits(got: np.dtype[Any], expected: np.dtype[Any]) -> bool:
    if expected.kind in "iu":
        return got.kind in "iu"
    return got == expected


def _numeric(value: Any) -> bool:
    return isinstance(value, int | float | np.generic | np.ndarray)
