"""Circumstances: properties of a case, such as stride > 1, that separate the failing cases from the passing ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from autograder.checks.variant import Inputs
from autograder.diagnosis.axes import axis_names, sizes, with_defaults
from autograder.diagnosis.evidence import Evidence, size_names
from autograder.spec.draw import Draw
from autograder.spec.function import Case, Function

Circumstance = tuple[int, str]
"""The rank of a circumstance, 0 for the most direct, and the words that end "the cases …"."""


def failing_circumstance(evidence: Evidence) -> str:
    """Return the circumstance of lowest rank that holds in exactly the failing cases; "" where none or several do."""
    failing, passing = len(evidence.failing_cases), len(evidence.function.cases) - len(evidence.failing_cases)
    if not failing or not passing:
        return ""
    held: dict[Circumstance, set[str]] = {}
    names = size_names(evidence)
    for case in evidence.function.cases:
        for circumstance in _of(evidence, case, names):
            held.setdefault(circumstance, set()).add(case.name)
    fits = sorted(found for found, cases in held.items() if cases == evidence.failing_cases)
    if not fits or [rank for rank, _ in fits].count(fits[0][0]) > 1:
        return ""
    rank, words = fits[0]
    return words if rank == 0 or min(failing, passing) > 1 else ""


def _of(evidence: Evidence, case: Case, names: tuple[str, ...]) -> Iterator[Circumstance]:
    """Yield every circumstance of a case that does not depend on the numbers drawn for it."""
    function = evidence.function
    inputs = evidence.trial.variant.calls(function, case)[0].inputs
    for name, value in with_defaults(function, inputs).items():
        if _is_number(value) and not isinstance(case.draws.get(name), Draw):
            yield from _sized(0, name, float(value))
    given = sizes(function, {k: v for k, v in inputs.items() if isinstance(v, np.ndarray)}, evidence.axes)
    for name in names:
        if name in given:
            yield from _sized(1, name, given[name])
    yield from _sides(evidence, inputs)
    yield from _flags(function, inputs)
    for name, value in inputs.items():
        if isinstance(value, np.ndarray) and value.ndim > 2:
            yield 1, f"in which {name} has more than two axes"
    if evidence.output in case.accept:
        yield 0, "in which several answers are right, as at a tie or a kink"
    if case.steps > 1:
        yield 0, "that take several steps"
    if any(isinstance(v, np.ndarray) and v.ndim > 1 and not v.flags.c_contiguous for v in inputs.values()):
        yield 0, "with an array in Fortran order"


def _sized(rank: int, name: str, value: float) -> Iterator[Circumstance]:
    for limit in (0, 1):
        if value == limit:
            yield rank, f"with {name} = {limit}"
        elif value > limit:
            yield rank, f"with {name} > {limit}"


def _sides(evidence: Evidence, inputs: Inputs) -> Iterator[Circumstance]:
    """Compare the lengths of two axes of one array, and two hyperparameters."""
    for name, value in inputs.items():
        names = axis_names(evidence.axes, name, np.ndim(value)) if isinstance(value, np.ndarray) else ()
        for a, b in combinations(range(len(names)), 2):
            same = np.shape(value)[a] == np.shape(value)[b]
            yield 2, f"with {names[a]} = {names[b]}" if same else f"with {names[a]} other than {names[b]}"
    given = with_defaults(evidence.function, inputs)
    numbers = {name: given[name] for name in evidence.function.keywords if _is_number(given.get(name))}
    for x, y in combinations(numbers, 2):
        yield 2, f"with {x} = {y}" if numbers[x] == numbers[y] else f"with {x} other than {y}"
        if numbers[x] != numbers[y]:
            yield 2, f"with {x} > {y}" if numbers[x] > numbers[y] else f"with {y} > {x}"


def _flags(function: Function, inputs: Inputs) -> Iterator[Circumstance]:
    for name in function.keywords:
        value = with_defaults(function, inputs).get(name)
        yield 2, f"that leave {name} at its default" if name not in inputs else f"that give {name}"
        if isinstance(value, bool):
            yield 0, f"with {name}={value}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
