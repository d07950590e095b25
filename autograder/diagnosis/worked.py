"""A case small enough for paper: what goes in, what comes out, and which numbers have a say in one of its entries.

All of it is computed by the reference on the spec's small inputs; nothing is typed by hand, and no code is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder import values
from autograder.checks.variant import Call
from autograder.diagnosis.example import items, to_array, to_input
from autograder.diagnosis.influence import influence
from autograder.diagnosis.shrink import call
from autograder.report.report import Array
from autograder.report.slices import aligned, planes
from autograder.spec.function import Function
from autograder.spec.small import Small
from autograder.values import Rng

_PARTS = 6


def worked(function: Function, families: tuple[Small, ...], output: str) -> str:
    """The case as lines of text; empty where there is none, or where what comes out is drawn by lot."""
    if not families:
        return ""
    memo, key = families[0].memo, by_hand(function, output)
    if key not in memo:
        memo[key] = _text(function, call(function, families[0].example.case), output)
    text: str = memo[key]
    return text


def by_hand(function: Function, output: str) -> str:
    """What a family remembers the text by; one from a record remembers it from the course."""
    return f"{function.name} {output} by hand"


def _text(function: Function, calls: Call, output: str) -> str:
    parts = list(_leaves(output, calls.expected[output]))[:_PARTS]
    if not parts or any(isinstance(value, Rng) for value in calls.inputs.values()):
        return ""
    given = [line for name, value in calls.inputs.items() for line in _input(name, value)]
    given += ["", f"{function.name} gives"]
    results = [line for name, array in parts for line in _result(name, array)]
    say = influence(function, calls, output)
    return "\n".join([*given, *results, *(["", say] if say else [])])


def _input(name: str, value: Any) -> list[str]:
    """An input as the Python to paste."""
    told = to_input(value)
    if isinstance(told, Array):
        return [f"{name} = {values.array(told.shape, told.values)}"]
    return told.split("\n") if told.startswith("def ") else [f"{name} = {told}"]


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Array]]:
    """The arrays and numbers of an output, with what Python calls them."""
    array = to_array(value)
    if array is not None:
        yield name, array
    for key, item in items(value):
        yield from _leaves(f"{name}[{key!r}]", item)


def _result(name: str, array: Array) -> Iterator[str]:
    """An output as aligned rows, slice by slice."""
    for part in planes(name, array):
        (panel,) = part.panels
        rows = ["  ".join(row) for row in zip(*map(aligned, zip(*panel.rows, strict=True)), strict=True)]
        if len(rows) == 1:
            yield f"  {part.label} = {rows[0].strip()}"
        else:
            yield f"  {part.label} ="
            yield from (f"    {row}".rstrip() for row in rows)
