"""Whole numbers for points: sums are right, proportions hold, and less than everything is never everything."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.platforms.single import apportion, exactly, whole

VALUES = st.lists(st.fractions(0, 50, max_denominator=60), max_size=12)


@given(VALUES, st.integers(0, 60))
def test_the_sum_is_the_total(values: list[Fraction], total: int) -> None:
    """Whatever is apportioned, nothing is lost and nothing invented, and each is within one of its share."""
    if not values:
        return
    given_ = apportion(values, total)
    everything = sum(values)
    assert total == sum(given_)
    if everything:
        assert all(abs(mine - value * total / everything) < 1 for mine, value in zip(given_, values, strict=True))


@given(st.lists(st.tuples(st.fractions(0, 50, max_denominator=60), st.integers(0, 20)), min_size=1), st.data())
def test_no_cap_is_exceeded(pairs: list[tuple[Fraction, int]], data: st.DataObject) -> None:
    """Under any caps that leave room for the total."""
    caps = [cap for _, cap in pairs]
    total = data.draw(st.integers(0, sum(caps)))
    given_ = apportion([value for value, _ in pairs], total, caps)
    assert total == sum(given_)
    assert all(mine <= cap for mine, cap in zip(given_, caps, strict=True))


def test_caps_that_leave_no_room_are_an_error() -> None:
    """Rather than a total that is not the sum."""
    with pytest.raises(ValueError, match="5 do not fit under caps of 4"):
        apportion([Fraction(1), Fraction(1)], 5, [2, 2])


@pytest.mark.parametrize(
    ("values", "total", "expected"),
    [
        (["10/3"] * 3, 10, [4, 3, 3]),
        (["5.5", "7"], 13, [6, 7]),
        (["0", "0"], 3, [2, 1]),
        (["0.1", "0.1", "0.8"], 10, [1, 1, 8]),
        ([], 0, []),
    ],
)
def test_the_largest_remainders_are_rounded_up(values: list[str], total: int, expected: list[int]) -> None:
    """Worked by hand; the first of equal remainders gets more."""
    assert expected == apportion([Fraction(value) for value in values], total)


@pytest.mark.parametrize(
    ("value", "most", "expected"),
    [("16.5", "38", 17), ("16.4", "38", 16), ("37.9", "38", 37), ("38", "38", 38), ("39", "38", 38),
     ("0.75", "1", 0), ("0", "0", 0), ("3.3", "3.3", 3), ("0.4", "0.4", 0)],
)  # fmt: skip
def test_less_than_everything_is_never_everything(value: str, most: str, expected: int) -> None:
    """The nearest whole number, but for the one that would say that all was right."""
    assert expected == whole(Fraction(value), Fraction(most))


def test_a_tenth_is_a_tenth() -> None:
    """Scores are decimals; their binary noise is not theirs."""
    assert Fraction(3, 10) == exactly(0.1 + 0.2) == exactly(0.3)
