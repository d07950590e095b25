"""Rules for entries that are free within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

_RTOL, _ATOL = 1e-8, 1e-11


def between(facts: Mapping[str, Any], got: np.ndarray) -> str | None:
    """Every entry lies between its bounds, ends included: a subgradient at a kink.

    low, high: arrays of the output's shape. elsewhere: the sentence where both are the same number; free: where not.
    """
    low, high = facts["low"], facts["high"]
    slack = _RTOL * np.maximum(np.abs(low), np.abs(high)) + _ATOL
    off = ~((got >= low - slack) & (got <= high + slack))
    if np.any(off & (low == high)):
        return str(facts["elsewhere"])
    return str(facts["free"]) if off.any() else None


def shares(facts: Mapping[str, Any], got: np.ndarray) -> str | None:
    """Each total is shared among its own entries, none of them against its sign: the gradient of tied maxima.

    owner: int array of the output's shape, the number of the total that an entry has a share in, -1 for none. totals:
    (n,). outside, sum, against: the sentence for a share where there is none, for a wrong sum and for a wrong sign.
    """
    owner, totals = facts["owner"], facts["totals"]
    owned = owner >= 0
    if np.any(got[~owned] != 0):
        return str(facts["outside"])
    sums = np.bincount(owner[owned], got[owned], len(totals))
    if not np.allclose(sums, totals, rtol=_RTOL, atol=_ATOL):
        return str(facts["sum"])
    return str(facts["against"]) if np.any(got[owned] * totals[owner[owned]] < 0) else None
