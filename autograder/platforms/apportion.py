"""Points as whole numbers whose sum is right: the largest remainders are rounded up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction


def exactly(value: float) -> Fraction:
    """The number that was meant: 0.1 is a tenth. Scores are rounded to six digits."""
    return Fraction(str(round(value, 6)))


def whole(value: Fraction, most: Fraction) -> int:
    """The nearest whole number, halves up; but never the whole of `most` for less than all of it, nor above it."""
    if value >= most:
        return math.floor(most + Fraction(1, 2))
    return min(math.floor(value + Fraction(1, 2)), max(math.floor(most + Fraction(1, 2)) - 1, 0))


def apportion(values: Sequence[Fraction], total: int, caps: Sequence[int] | None = None) -> list[int]:
    """Whole numbers in proportion to `values`, none above its cap, with the sum `total`.

    Each is its share rounded down, and the largest remainders get one more; the first of equal ones. Where caps leave
    no other way, others get more than their share. Raises ValueError where the caps together are below the total.
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
