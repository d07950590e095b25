"""Curves of a training, thinned to a few finite numbers that a report keeps and draws."""

from __future__ import annotations

from typing import Any

import numpy as np

MOST = 60


def thinned(values: Any) -> tuple[float, ...]:
    """At most MOST of the numbers, evenly spaced, first and last included, up to the first that is not finite.

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
    kept = np.linspace(0, len(curve) - 1, min(len(curve), MOST)).round().astype(int)
    return tuple(float(value) for value in curve[kept]) if len(curve) > 1 else ()
