"""Coordinates of bars, scales and curves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH, HEIGHT = 320, 72
"""Size of a curve, in units of its viewBox."""

_FAR = 1000.0


def meter(score: float, most: float) -> float:
    """Return the length of a bar in percent; 100 only for all points."""
    share = score / most if most > 0 else 0.0
    return 100.0 if share >= 1 else round(min(max(100 * share, 0.0), 99.0), 2)


def speed(figures: Mapping[str, float]) -> dict[str, Any] | None:
    """Return a logarithmic scale of the speed ratio; None if nothing was timed.

    fast, fair: positions up to which all and half of the points are given; at: the answer's position; all in percent.
    """
    ratio, fast, fair = (figures.get(name, math.nan) for name in ("ratio", "fast", "fair"))
    if not all(math.isfinite(number) and number > 0 for number in (fast, fair)) or not math.isfinite(ratio):
        return None
    last = max(_FAR, 2 * ratio, 2 * fair)
    return {
        "at": _place(ratio, last), "fast": _place(fast, last), "fair": _place(fair, last),
        "ratio": f"{ratio:.3g}×" if ratio >= 1 else "<1×", "bars": [f"{fast:g}×", f"{fair:g}×"],
        "zone": "all" if ratio <= fast else "half" if ratio <= fair else "none",
    }  # fmt: skip


def curve(name: str, values: Sequence[float]) -> dict[str, Any] | None:
    """Return a line through evenly spaced values, the largest at the top; None for fewer than two finite values."""
    numbers = [value for value in values if math.isfinite(value)]
    if len(numbers) < 2:
        return None
    low, high = min(numbers), max(numbers)
    spread = (high - low) or 1.0
    points = [
        (round(WIDTH * i / (len(numbers) - 1), 1), round(HEIGHT - HEIGHT * (value - low) / spread, 1))
        for i, value in enumerate(numbers)
    ]
    return {
        "name": name, "points": " ".join(f"{x:g},{y:g}" for x, y in points), "first": f"{numbers[0]:.3g}",
        "last": f"{numbers[-1]:.3g}", "low": f"{low:.3g}", "high": f"{high:.3g}", "count": len(numbers),
    }  # fmt: skip


def _place(value: float, last: float) -> float:
    """Return the position on a logarithmic scale from 1 to `last`, in percent."""
    return round(100 * math.log(max(value, 1.0)) / math.log(last), 2)
