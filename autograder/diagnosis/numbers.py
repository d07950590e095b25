"""Comparison of arrays to nine digits, and the significance of equal numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

RTOL = 1e-9


def as_array(value: Any, most: int = 2**20) -> np.ndarray | None:
    """Convert a number or an array to float64; None for anything else, and for more than `most` entries."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.generic | np.ndarray):
        return None
    array = np.asarray(value)
    if array.dtype.kind not in "fiub" or array.size > most:
        return None
    return array.astype(np.float64)


def equal(got: np.ndarray | None, want: np.ndarray | None) -> bool:
    """Return whether shapes and numbers are equal, to nine digits of the largest; nan equals nan."""
    if got is None or want is None or got.shape != want.shape:
        return False
    off = np.abs(got - want)
    size = np.abs(want)
    scale = float(np.max(size, initial=0.0))
    if np.isfinite(scale):
        return bool(np.all(off <= RTOL * (size + scale)))
    finite = np.isfinite(want)
    special = (got == want) | (np.isnan(got) & np.isnan(want))
    scale = float(np.max(size[finite], initial=0.0))
    return bool(np.all(np.where(finite, off <= RTOL * (size + scale), special)))


def isclose(a: float, b: float) -> bool:
    """Return whether two numbers are equal to nine digits."""
    return abs(a - b) <= RTOL * max(abs(a), abs(b))


def significance(values: np.ndarray) -> int:
    """Return the significance of equality with these numbers: 3 for each distinct number, but 1 for each simple one
    (a small multiple of 1/8), which could be equal by chance."""
    values = values[np.isfinite(values)]
    simple = (np.abs(values) < 100) & (values * 8 == np.round(values * 8))
    return int(np.sum(simple)) + 3 * len(np.unique(values[~simple]))


def mismatch(got: np.ndarray, want: np.ndarray) -> np.ndarray:
    """Return the mask of the entries that differ between two arrays of the same shape."""
    scale = float(np.max(np.abs(want), initial=0.0, where=np.isfinite(want)))
    with np.errstate(all="ignore"):
        near = np.abs(got - want) <= RTOL * (np.abs(want) + scale)
    return ~(near | (got == want) | (np.isnan(got) & np.isnan(want)))
