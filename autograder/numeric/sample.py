"""Samples of large arrays, for comparisons where the whole array is not kept, and of curves, for drawings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

# Samples of this size are stored in records: changing it changes the schema of records (record/file.py).
MOST = 64
# Odd and large, so that its multiples fall everywhere in an array: Knuth's multiplicative hash.
_STRIDE = 2_654_435_761


def sample(value: Any) -> Any:
    """Return the value with every array of more than MOST entries replaced by its shape, its dtype and MOST of its
    entries.

    Lists, tuples and dicts keep their form. Two values whose samples are equal may differ in entries that are not in
    them.
    """
    if isinstance(value, dict):
        return {key: sample(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(sample, value))
    if not isinstance(value, np.ndarray) or value.size <= MOST:
        return value
    places = np.arange(MOST, dtype=np.uint64) * np.uint64(_STRIDE) % np.uint64(value.size)
    return {"shape": list(value.shape), "dtype": str(value.dtype), "entries": value[np.unravel_index(
        places.astype(np.intp), value.shape)]}  # fmt: skip


CURVE = 60
"""Points of a curve that a report keeps."""


def thinned(values: Any) -> tuple[float, ...]:
    """Return at most CURVE of the numbers, evenly spaced with first and last, up to the first that is not finite.

    values: anything; empty when it is no list or array of at least two numbers.
    """
    if isinstance(values, list | tuple):
        if not all(isinstance(item, int | float | np.generic) and not isinstance(item, bool) for item in values):
            return ()
        values = np.asarray(values)
    if not isinstance(values, np.ndarray) or values.ndim != 1 or values.dtype.kind not in "fiu":
        return ()
    finite = np.isfinite(values)
    curve = values if finite.all() else values[: int(np.argmin(finite))]
    kept = np.linspace(0, len(curve) - 1, min(len(curve), CURVE)).round().astype(int)
    return tuple(float(value) for value in curve[kept]) if len(curve) > 1 else ()


# Bytes that a value counts besides its entries, the same as for replies in the sandbox (inside/wire.py).
ITEM = 128


def cost(value: Any) -> int:
    """Return the approximate bytes of a value, or of the value that a sample is from: 8 for each number of an array
    and ITEM for each value in it."""
    if isinstance(value, np.ndarray):
        return ITEM + 8 * value.size
    if isinstance(value, dict) and value.keys() == {"shape", "dtype", "entries"}:
        return ITEM + 8 * math.prod(value["shape"])
    if isinstance(value, dict):
        return ITEM + sum(ITEM + len(str(key)) + cost(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return ITEM + sum(map(cost, value))
    return ITEM + (4 * len(value) if isinstance(value, str) else 8)
