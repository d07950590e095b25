"""Hypotheses that the numbers are right but misplaced: another sign, another order, another output, an input."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations, permutations

import numpy as np

from autograder.diagnosis.axes import axis_names
from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.hypothesis import Hypothesis, Predict, hypothesis, prediction, predicts_first
from autograder.diagnosis.numbers import equal

_MAX_AXES = 4
"""Most axes for which every order is tried."""


def permuted(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses about sign, passed-on inputs, exchanged outputs and permuted entries."""
    yield from signs(evidence)
    for name, words, predict in (*_passed_on(evidence), *_exchanged(evidence), *_rearranged(evidence)):
        if predicts_first(evidence, predict):
            yield prediction(evidence, name, words, predict)
    words = f"the arrays of {evidence.subject} are right, but their list runs backwards."
    yield hypothesis("pattern", "backwards", evidence, words, _is_backwards)


def signs(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that the output has the opposite sign."""
    yield prediction(evidence, "sign", f"{evidence.subject} has the opposite sign everywhere.", lambda item: -item.want)


def _passed_on(evidence: Evidence) -> Iterator[tuple[str, str, Predict]]:
    for name, value in evidence.items[0].inputs.items() if evidence.items else ():
        if isinstance(value, np.ndarray | float):
            same = "came back as it went in." if name == evidence.subject else f"is {name} itself, just as it came in."
            yield "passed on", f"{evidence.subject} {same}", partial(_input, name)


def _exchanged(evidence: Evidence) -> Iterator[tuple[str, str, Predict]]:
    for name in evidence.function.outputs:
        if name != evidence.output:
            words = f"{evidence.subject} is what {name} should be. In which order are the results returned?"
            yield "exchanged", words, partial(_output, name)


def _input(name: str, item: Item) -> np.ndarray | None:
    return _number(item.inputs.get(name))


def _output(name: str, item: Item) -> np.ndarray | None:
    return _number(item.truth.get(name))


def _number(value: object) -> np.ndarray | None:
    return np.asarray(value, np.float64) if isinstance(value, np.ndarray | float | int) else None


def _rearranged(evidence: Evidence) -> Iterator[tuple[str, str, Predict]]:
    """Yield the reversals, transposes, axis orders, reshapes and shifts of the right output."""
    ndim = evidence.failing[0].want.ndim if evidence.failing else 0
    if ndim:
        names = axis_names(evidence.axes, evidence.output, ndim)
        yield from _reversed(evidence.subject, names)
        yield from _reordered(evidence.subject, names)
        yield from _shifted(evidence.subject, names)


def _reversed(subject: str, names: tuple[str, ...]) -> Iterator[tuple[str, str, Predict]]:
    for count in range(1, len(names) + 1):
        for axes in combinations(range(len(names)), count):
            words = f"{subject} holds the right numbers in reverse along {join(names, axes)}."
            yield "reversed", words, partial(_flip, axes)


def _reordered(subject: str, names: tuple[str, ...]) -> Iterator[tuple[str, str, Predict]]:
    if len(names) == 2:
        yield "transposed", f"{subject} is right but transposed.", lambda item: item.want.T
    for order in permutations(range(len(names))) if 2 < len(names) <= _MAX_AXES else ():
        words = f"{subject} is right with its axes in another order: ({', '.join(names[axis] for axis in order)})."
        yield "axes", words, partial(_order, order)


def _shifted(subject: str, names: tuple[str, ...]) -> Iterator[tuple[str, str, Predict]]:
    for axis, name in enumerate(names):
        for step in (1, -1):
            words = f"{subject} holds the right numbers, shifted by one along {name}."
            yield "shifted", words, partial(_roll, axis, step)


def _flip(axes: tuple[int, ...], item: Item) -> np.ndarray | None:
    return np.flip(item.want, axes) if max(axes) < item.want.ndim else None


def _roll(axis: int, step: int, item: Item) -> np.ndarray | None:
    return np.roll(item.want, step, axis) if axis < item.want.ndim else None


def _order(order: tuple[int, ...], item: Item) -> np.ndarray | None:
    return item.want.transpose(order) if len(order) == item.want.ndim else None


def _is_backwards(evidence: Evidence) -> bool:
    """Return whether every returned list is the expected one in reverse order."""
    lists: dict[tuple[str, int], list[Item]] = {}
    for item in evidence.items:
        if not item.place or not isinstance(item.place[-1], int):
            return False
        lists.setdefault((item.case.name, item.step), []).append(item)
    ordered = [sorted(items, key=lambda item: item.place) for items in lists.values()]
    return all(equal(a.got, b.want) for items in ordered for a, b in zip(items, items[::-1], strict=True))


def join(names: tuple[str, ...], axes: tuple[int, ...]) -> str:
    """Join the names of the axes: "A, B and C"."""
    words = [names[axis] for axis in axes]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
