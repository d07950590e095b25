"""Text of a small case to compute by hand: inputs, outputs of the reference, and the entries that influence one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder import values
from autograder.checks.variant import Call
from autograder.diagnosis.example import items, to_array, to_input
from autograder.diagnosis.influence import describe_influence
from autograder.diagnosis.shrink import small_call
from autograder.report.report import Array
from autograder.report.slices import aligned, planes
from autograder.spec.function import Function
from autograder.spec.small import Small
from autograder.values import Rng

_PARTS = 6


def worked_text(function: Function, families: tuple[Small, ...], output: str) -> str:
    """Return the case as lines of text; "" where there is none, or where the output is random."""
    if not families:
        return ""
    memo, key = families[0].memo, worked_key(function, output)
    if key not in memo:
        memo[key] = _text(function, small_call(function, families[0].example.case), output)
    text: str = memo[key]
    return text


def worked_key(function: Function, output: str) -> str:
    """Return the key of the text in the memo of the small inputs, which a record fills in advance."""
    return f"{function.name} {output} by hand"


def _text(function: Function, calls: Call, output: str) -> str:
    parts = list(_leaves(output, calls.expected[output]))[:_PARTS]
    if not parts or any(isinstance(value, Rng) for value in calls.inputs.values()):
        return ""
    given = [line for name, value in calls.inputs.items() for line in _input(name, value)]
    given += ["", f"{function.name} gives"]
    results = [line for name, array in parts for line in _result(name, array)]
    influences = describe_influence(function, calls, output)
    return "\n".join([*given, *results, *(["", influences] if influences else [])])


def _input(name: str, value: Any) -> list[str]:
    """Return an input as lines of Python."""
    shown = to_input(value)
    if isinstance(shown, Array):
        return [f"{name} = {values.array(shown.shape, shown.values)}"]
    return shown.split("\n") if shown.startswith("def ") else [f"{name} = {shown}"]


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Array]]:
    """Yield the arrays and numbers of an output with their names as Python writes them."""
    array = to_array(value)
    if array is not None:
        yield name, array
    for key, item in items(value):
        yield from _leaves(f"{name}[{key!r}]", item)


def _result(name: str, array: Array) -> Iterator[str]:
    """Yield an output as aligned rows, slice by slice."""
    for part in planes(name, array):
        (panel,) = part.panels
        rows = ["  ".join(row) for row in zip(*map(aligned, zip(*panel.rows, strict=True)), strict=True)]
        if len(rows) == 1:
            yield f"  {part.label} = {rows[0].strip()}"
        else:
            yield f"  {part.label} ="
            yield from (f"    {row}".rstrip() for row in rows)
