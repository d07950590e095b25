"""Rounding points to whole numbers with a given sum, by the largest remainders."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction


def exactly(value: float) -> Fraction:
    """Return the decimal number of a score as a fraction: 0.1 is 1/10. Scores are rounded to six digits."""
    return Fraction(str(round(value, 6)))


def whole(value: Fraction, most: Fraction) -> int:
    """Round to the nearest whole number, halves up, at most `most`, and to `most` only for all of it."""
    if value >= most:
        return math.floor(most + Fraction(1, 2))
    return min(math.floor(value + Fraction(1, 2)), max(math.floor(most + Fraction(1, 2)) - 1, 0))


def apportion(values: Sequence[Fraction], total: int, caps: Sequence[int] | None = None) -> list[int]:
    """Return whole numbers in proportion to `values`, none above its cap, with the sum `total`.

    Each is its share rounded down; the largest remainders get one more, ties in order. If caps require it, others get
    more than their share. ValueError if the sum of the caps is below the total.
    """
    limits = list(caps) if caps is not None else [total] * len(values)
    if sum(limits) < total:
        raise ValueError(f"{total} do not fit under caps of {sum(limits)}")
    everything = sum(values, Fraction(0))
    shares = [value * total / everything if everything else Fraction(0) for value in values]
    given = [min(math.floor(share), limit) for share, limit in zip(shares, limits, strict=True)]
    while rest := total - sum(given):
        open_ones = [i for i in range(len(given)) if given[i] < limits[i]]
        open_ones.sort(key=lambda i: given[i] - shares[i])
        for i in open_ones[:rest]:
            given[i] += 1
    return given
