"""A size that is rounded to the nearest whole number is wrong in some case of every exercise that has a stride.

Python rounds a half to the even neighbour, so a quotient of 2.5 shows nothing of round(q), and one of 3.5 nothing of
round(1 + q). Each function needs one of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.checks.variant import Variant
from autograder.course.catalog import find_course
from autograder.diagnosis.axes import sizes, with_defaults
from autograder.spec.function import Function

COURSE = find_course(Path(__file__))
PAIRS = {
    ("H", "KH"), ("W", "KW"), ("L", "k"), ("length", "k"), ("size", "window"), ("height", "kh"), ("width", "kw"),
    ("H", "window"), ("W", "window"), ("L", "window"),
}  # fmt: skip


def quotients(variant: Variant, function: Function) -> Iterator[float]:
    """Yield the number of steps of each window and case along each axis, before it is rounded down."""
    for case in function.cases:
        inputs = variant.calls(function, case)[0].inputs
        given = with_defaults(function, inputs)
        known = sizes(function, inputs, variant.exercise.axes)
        for whole, window in PAIRS & {(a, b) for a in known for b in known}:
            yield (known[whole] + 2 * given.get("pad", 0) - known[window]) / given["stride"]


@pytest.mark.parametrize("name", COURSE.names)
def test_both_kinds_of_halves_occur(name):
    """A function with a stride has cases with a half above an odd and above an even number of steps."""
    exercise = COURSE.exercise(name)
    variant = Variant(exercise, 0)
    for function in exercise.functions:
        if "stride" in (*function.keywords, *function.positional):
            halves = {q // 1 % 2 for q in quotients(variant, function) if q % 1 == 0.5}
            assert halves == {0, 1}, function.name
