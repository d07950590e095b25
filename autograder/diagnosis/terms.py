"""Which term of a sum is missing, or counts too often? Solved for the weights of the terms, in every case.

The terms are those that the exercise declares; else the inputs themselves, where the output is a sum of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from autograder.checks.variant import arguments
from autograder.diagnosis.axes import with_defaults
from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.factor_names import name_numbers
from autograder.diagnosis.hypothesis import Hypothesis, hypothesis
from autograder.diagnosis.numbers import alike, close
from autograder.sandbox.inprocess import materialise
from autograder.spec.invariant import Terms

Arrays = dict[str, np.ndarray]
Make = Callable[[Item], Arrays]
Weights = dict[str, tuple[float, float]]
"""Term → its weight in the answer and in what is right; nan where that cannot be seen."""


@dataclass(frozen=True, eq=False)
class Share:
    """words: what is wrong with a term's weight, "" for nothing. value: the weight, of an item and the right weight."""

    words: str
    value: Callable[[Item, float], float | None]


_PLAIN = {"is missing", "has the wrong sign"}


def terms(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Of the declared terms, or of the inputs: those that are missing or have the wrong sign."""
    for whole, kind in _sums(evidence):
        shares = _shares(evidence, whole)
        if {share.words for share in shares.values()} <= {"", *_PLAIN}:
            yield _claim(evidence, whole, shares, kind)


def weights(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """The same, with whatever weights they have."""
    for whole, kind in _sums(evidence):
        yield _claim(evidence, whole, _shares(evidence, whole), kind)


def _sums(evidence: Evidence) -> Iterator[tuple[_Sum, str]]:
    declared = [i for i in evidence.function.invariants if isinstance(i, Terms) and i.output == evidence.output]
    for invariant in declared:
        yield _Sum(partial(made, invariant.make), 1.0), "invariant"
    if not declared:
        yield _Sum(_inputs), "pattern"


@dataclass(frozen=True)
class _Sum:
    """The terms, and the weight that each of them should have; None where that has to be solved for."""

    make: Make
    weight: float | None = None

    def right(self, table: np.ndarray, item: Item) -> np.ndarray:
        """The weights that give what is right."""
        return _solve(table, item.want)[0] if self.weight is None else np.full(table.shape[1], self.weight)


def _claim(evidence: Evidence, whole: _Sum, shares: dict[str, Share], kind: str) -> Hypothesis | None:
    wrong = [f"{name} {share.words}" for name, share in shares.items() if share.words]
    if not wrong:
        return None
    others = [] if len(wrong) == len(shares) else ["the others are right"]
    text = f"the terms of {evidence.subject}: {'; '.join(wrong + others)}."
    return hypothesis(kind, "terms", evidence, text, lambda view: _explains(view, whole, shares))


def _shares(evidence: Evidence, whole: _Sum) -> dict[str, Share]:
    """The share of each term; empty where the output is not a sum of them, or a share has no name."""
    measured: list[Weights] = []
    for item in evidence.items:
        found = _measure(item, whole)
        if found is None or found.keys() != (measured or [found])[0].keys():
            return {}
        measured.append(found)
    names = list(measured[0]) if measured else []
    shares = {name: _share(evidence, [weights[name] for weights in measured]) for name in names}
    return {} if None in shares.values() else {name: share for name, share in shares.items() if share}


def _measure(item: Item, whole: _Sum) -> Weights | None:
    """The weights of the terms; None where no weights give what is right or what came back."""
    arrays = whole.make(item)
    if item.got is None or not item.fits or not arrays:
        return None
    table = _table(arrays)
    if not np.isfinite(table).all() or not np.isfinite(item.got).all():
        return None
    (mine, rank), right = _solve(table, item.got), whole.right(table, item)
    if not (alike(table @ mine, item.got.ravel()) and alike(table @ right, item.want.ravel())):
        return None
    if rank < table.shape[1] or len(table) < rank + 2:
        mine = right = np.full(len(arrays), np.nan)
    return {name: (_clean(a), _clean(b)) for name, a, b in zip(arrays, mine, right, strict=True)}


def _table(arrays: Arrays) -> np.ndarray:
    return np.stack([array.ravel() for array in arrays.values()], axis=1)


def _clean(weight: float) -> float:
    """Without the noise of solving."""
    return 0.0 if abs(weight) < 1e-12 else float(weight)


def _solve(table: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, int]:
    solved, _, rank, _ = np.linalg.lstsq(table, values.ravel(), rcond=None)
    return solved, int(rank)


def _share(evidence: Evidence, weights: list[tuple[float, float]]) -> Share | None:
    """What is wrong with a term's weight; None where that has no name."""
    seen = [(a, b) for a, b in weights if not np.isnan(a)]
    if all(close(a, b) for a, b in seen):
        return Share("", lambda item, right: right)
    if all(a == 0 for a, _ in seen):
        return Share("is missing", lambda item, right: 0.0)
    if all(close(a, -b) for a, b in seen):
        return Share("has the wrong sign", lambda item, right: -right)
    return _relative(evidence, weights) or _absolute(evidence, weights)


def _relative(evidence: Evidence, weights: list[tuple[float, float]]) -> Share | None:
    if any(b == 0 and a != 0 for a, b in weights):
        return None
    naming = name_numbers(evidence, [a / b if b else float("nan") for a, b in weights])
    if naming is None:
        return None
    return Share(f"counts {naming.text} times what it should", lambda item, right: _times(naming.value(item), right))


def _absolute(evidence: Evidence, weights: list[tuple[float, float]]) -> Share | None:
    """A weight that is the same in every case while the right one changes."""
    mine, right = ([pair[i] for pair in weights if not np.isnan(pair[i])] for i in (0, 1))
    constant = mine[0]
    if not all(close(a, constant) for a in mine) or len(set(np.round(right, 9))) < 2:
        return None
    words = "always has the same weight: what should it depend on?"
    return Share(words.removesuffix("?"), lambda item, right: constant)


def _times(number: float | None, right: float) -> float | None:
    return None if number is None else number * right


def _explains(evidence: Evidence, whole: _Sum, shares: Mapping[str, Share]) -> bool:
    return all(_is_sum(item, whole, shares) for item in evidence.items)


def _is_sum(item: Item, whole: _Sum, shares: Mapping[str, Share]) -> bool:
    arrays = whole.make(item)
    if arrays.keys() != shares.keys():
        return False
    table = _table(arrays)
    if not np.isfinite(table).all():
        return False
    right = whole.right(table, item)
    weights = [shares[name].value(item, float(weight)) for name, weight in zip(arrays, right, strict=True)]
    return None not in weights and alike(item.got, (table @ np.array(weights, np.float64)).reshape(item.want.shape))


def made(make: Callable[..., Mapping[str, np.ndarray]], item: Item) -> Arrays:
    """The declared terms of an item, in the shape of the output."""
    args, kwargs = arguments(item.function, with_defaults(item.function, item.inputs))
    found = make(*map(materialise, args), **{name: materialise(value) for name, value in kwargs.items()})
    return {name: np.broadcast_to(np.asarray(value, np.float64), item.want.shape) for name, value in found.items()}


def _inputs(item: Item) -> Arrays:
    if not item.want.ndim:
        return {}
    return {
        name: value for name, value in item.inputs.items()
        if isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.shape == item.want.shape
    }  # fmt: skip
