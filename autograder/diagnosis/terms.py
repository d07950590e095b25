"""Hypotheses about the terms of a sum, from their weights in the output, and about sums that the right output keeps.

The terms are those that the exercise declares; else the inputs of the output's shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from autograder.checks.trial import Trial
from autograder.checks.variant import Variant, arguments
from autograder.diagnosis.axes import axis_names, with_defaults
from autograder.diagnosis.evidence import RTOL, Counterfactuals, Evidence, Item, KnownMistakes, equal, gather, isclose
from autograder.diagnosis.factors import name_numbers
from autograder.diagnosis.hypothesis import Hypothesis, hypothesis
from autograder.sandbox.inprocess import InProcess, materialise
from autograder.spec.function import Sums, Terms

Arrays = dict[str, np.ndarray]
Make = Callable[[Item], Arrays]
Weights = dict[str, tuple[float, float]]
"""The weight of each term in the answer and in the right output; nan where it is not determined."""


@dataclass(frozen=True, eq=False)
class TermError:
    """The error of a term's weight in words ("" for none), and the weight for an item and a right weight."""

    words: str
    value: Callable[[Item, float], float | None]


_PLAIN = {"is missing", "has the wrong sign"}


def terms(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that terms are missing or have the wrong sign."""
    for whole, kind in _sums(evidence):
        errors = _term_errors(evidence, whole)
        if {error.words for error in errors.values()} <= {"", *_PLAIN}:
            yield _terms_hypothesis(evidence, whole, errors, kind)


def weighted_terms(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that terms have any wrong weight with a name."""
    for whole, kind in _sums(evidence):
        yield _terms_hypothesis(evidence, whole, _term_errors(evidence, whole), kind)


def _sums(evidence: Evidence) -> Iterator[tuple[_Sum, str]]:
    declared = [i for i in evidence.function.invariants if isinstance(i, Terms) and i.output == evidence.output]
    for invariant in declared:
        yield _Sum(partial(evaluate_terms, invariant.make), 1.0), "invariant"
    if not declared:
        yield _Sum(_input_terms), "pattern"


@dataclass(frozen=True)
class _Sum:
    """The terms of a sum, and the right weight of each; None where the weights have to be solved for."""

    make: Make
    weight: float | None = None

    def right(self, table: np.ndarray, item: Item) -> np.ndarray:
        """Return the weights that give the right output."""
        return _solve(table, item.want)[0] if self.weight is None else np.full(table.shape[1], self.weight)


def _terms_hypothesis(evidence: Evidence, whole: _Sum, errors: dict[str, TermError], kind: str) -> Hypothesis | None:
    wrong = [f"{name} {error.words}" for name, error in errors.items() if error.words]
    if not wrong:
        return None
    others = [] if len(wrong) == len(errors) else ["the others are right"]
    text = f"the terms of {evidence.subject}: {'; '.join(wrong + others)}."
    return hypothesis(kind, "terms", evidence, text, lambda view: _explains(view, whole, errors))


def _term_errors(evidence: Evidence, whole: _Sum) -> dict[str, TermError]:
    """Return the error of each term's weight; {} where the output is not their sum, or an error has no name."""
    measured: list[Weights] = []
    for item in evidence.items:
        found = _measure(item, whole)
        if found is None or found.keys() != (measured or [found])[0].keys():
            return {}
        measured.append(found)
    names = list(measured[0]) if measured else []
    errors = {name: _term_error(evidence, [weights[name] for weights in measured]) for name in names}
    return {} if None in errors.values() else {name: error for name, error in errors.items() if error}


def _measure(item: Item, whole: _Sum) -> Weights | None:
    """Solve for the weights of the terms; None where no weights give the answer, or the right output."""
    arrays = whole.make(item)
    if item.got is None or not item.fits or not arrays:
        return None
    table = _table(arrays)
    if not np.isfinite(table).all() or not np.isfinite(item.got).all():
        return None
    (solved, rank), right = _solve(table, item.got), whole.right(table, item)
    if not (equal(table @ solved, item.got.ravel()) and equal(table @ right, item.want.ravel())):
        return None
    if rank < table.shape[1] or len(table) < rank + 2:
        solved = right = np.full(len(arrays), np.nan)
    return {name: (_rounded(a), _rounded(b)) for name, a, b in zip(arrays, solved, right, strict=True)}


def _table(arrays: Arrays) -> np.ndarray:
    return np.stack([array.ravel() for array in arrays.values()], axis=1)


def _rounded(weight: float) -> float:
    """Round a weight to 0 if it is only the error of the solver."""
    return 0.0 if abs(weight) < 1e-12 else float(weight)


def _solve(table: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, int]:
    solved, _, rank, _ = np.linalg.lstsq(table, values.ravel(), rcond=None)
    return solved, int(rank)


def _term_error(evidence: Evidence, weights: list[tuple[float, float]]) -> TermError | None:
    """Return the error of a term's weight over all items; None where it has no name."""
    seen = [(a, b) for a, b in weights if not np.isnan(a)]
    if all(isclose(a, b) for a, b in seen):
        return TermError("", lambda item, right: right)
    if all(a == 0 for a, _ in seen):
        return TermError("is missing", lambda item, right: 0.0)
    if all(isclose(a, -b) for a, b in seen):
        return TermError("has the wrong sign", lambda item, right: -right)
    return _relative(evidence, weights) or _absolute(evidence, weights)


def _relative(evidence: Evidence, weights: list[tuple[float, float]]) -> TermError | None:
    if any(b == 0 and a != 0 for a, b in weights):
        return None
    named = name_numbers(evidence, [a / b if b else float("nan") for a, b in weights])
    if named is None:
        return None
    return TermError(f"counts {named.text} times what it should", lambda item, right: _times(named.value(item), right))


def _absolute(evidence: Evidence, weights: list[tuple[float, float]]) -> TermError | None:
    """Return the error of a weight that is constant over the cases while the right one varies."""
    solved, right = ([pair[i] for pair in weights if not np.isnan(pair[i])] for i in (0, 1))
    constant = solved[0]
    if not all(isclose(a, constant) for a in solved) or len(set(np.round(right, 9))) < 2:
        return None
    words = "always has the same weight: what should it depend on?"
    return TermError(words.removesuffix("?"), lambda item, right: constant)


def _times(number: float | None, right: float) -> float | None:
    return None if number is None else number * right


def _explains(evidence: Evidence, whole: _Sum, errors: Mapping[str, TermError]) -> bool:
    """Return whether the wrong weights give every output from whose numbers the weights follow."""
    return all(_is_sum(item, whole, errors) for item in evidence.items if _measure(item, whole) or not item.right)


def _is_sum(item: Item, whole: _Sum, errors: Mapping[str, TermError]) -> bool:
    arrays = whole.make(item)
    if arrays.keys() != errors.keys():
        return False
    table = _table(arrays)
    if item.got is None or not np.isfinite(table).all():
        return False
    right, rank = whole.right(table, item), int(np.linalg.matrix_rank(table))
    if whole.weight is None and rank < table.shape[1]:
        return equal(table @ _solve(table, item.got)[0], item.got.ravel())  # too few numbers to tell
    weights = [errors[name].value(item, float(weight)) for name, weight in zip(arrays, right, strict=True)]
    return None not in weights and equal(item.got, (table @ np.array(weights, np.float64)).reshape(item.want.shape))


def evaluate_terms(make: Callable[..., Mapping[str, np.ndarray]], item: Item) -> Arrays:
    """Compute the declared terms of an item in the shape of the output."""
    args, kwargs = arguments(item.function, with_defaults(item.function, item.inputs))
    found = make(*map(materialise, args), **{name: materialise(value) for name, value in kwargs.items()})
    return {name: np.broadcast_to(np.asarray(value, np.float64), item.want.shape) for name, value in found.items()}


def _input_terms(item: Item) -> Arrays:
    if not item.want.ndim:
        return {}
    return {
        name: value for name, value in item.inputs.items()
        if isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.shape == item.want.shape
    }  # fmt: skip


_CLEARLY = 3
"""How many times the slack of a law its sums must be off to count as broken."""


def invariants(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield what the exercise says of the broken sums if all others are kept, or of all sums if none is broken."""
    declared = [law for law in _declared(evidence) if law.over]
    broken = [law for law in declared if law.broken and _all_items(evidence, law, kept=False)]
    kept = [law for law in declared if _all_items(evidence, law, kept=True)]
    words = " ".join(law.broken for law in broken) or " ".join(law.kept for law in kept if law.kept)
    if words and len(broken) + len(kept) == len(declared):
        name = "broken" if broken else "kept"
        yield hypothesis("invariant", name, evidence, words, lambda view: _holds(view, broken, kept))


def equalities(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield what the exercise says of each entry of the output, for outputs that nothing else explains."""
    for law in _declared(evidence):
        if law.broken and not law.over:
            yield hypothesis("invariant", "broken", evidence, law.broken, _is_wrong_everywhere)


def _is_wrong_everywhere(evidence: Evidence) -> bool:
    """Return whether an array of the right shape, which is wrong, came wherever the output fails."""
    return bool(evidence.failing) and all(
        item.got is not None and item.fits and isinstance(item.raw, np.ndarray | float) for item in evidence.failing
    )


def _declared(evidence: Evidence) -> list[Sums]:
    return [law for law in evidence.function.invariants if isinstance(law, Sums) and law.output == evidence.output]


def _holds(evidence: Evidence, broken: list[Sums], kept: list[Sums]) -> bool:
    return all(_all_items(evidence, law, kept=False) for law in broken) and all(
        _all_items(evidence, law, kept=True) for law in kept
    )


def _all_items(evidence: Evidence, law: Sums, kept: bool) -> bool:
    """Return whether the sums are kept (or broken) in every wrong item."""
    verdicts = [_is_kept(item, law, evidence) for item in evidence.failing]
    return bool(verdicts) and all(verdict is kept for verdict in verdicts)


def _is_kept(item: Item, law: Sums, evidence: Evidence) -> bool | None:
    """Return whether the output has the sums of the expected one; None where that cannot be told."""
    names = axis_names(evidence.axes, evidence.output, item.want.ndim)
    axes = tuple(names.index(name) for name in law.over.split() if name in names)
    if item.got is None or not item.fits or len(axes) != len(law.over.split()):
        return None
    by = _centred(item, law.times, axes)
    off = np.abs(np.sum((item.got - item.want) * by, axis=axes))
    size = np.sum(np.abs(item.want * by), axis=axes) + np.sum(np.abs(item.got * by), axis=axes)
    share = float(np.max(off, initial=0.0)) / max(float(np.max(size, initial=0.0)), np.finfo(float).tiny)
    slack = max(law.slack, 10 * RTOL)
    return None if slack < share <= _CLEARLY * slack else share <= slack


def _centred(item: Item, name: str, axes: tuple[int, ...]) -> np.ndarray:
    if not name:
        return np.ones(())
    value = np.asarray(item.inputs[name], np.float64)
    return np.asarray(value - value.mean(axis=axes, keepdims=True))


def faults(variant: Variant) -> Iterator[str]:
    """Yield the declared terms of an exercise that do not add up to the output of the reference."""
    trial = Trial(variant, InProcess({function.name: function.oracle for function in variant.exercise.functions}))
    counterfactuals = Counterfactuals(trial, KnownMistakes(variant))
    for function in variant.exercise.functions:
        for law in function.invariants:
            items = gather(trial, function, law.output, counterfactuals).items if isinstance(law, Terms) else ()
            if isinstance(law, Terms) and not all(_adds_up(law, item) for item in items):
                yield f"the terms of {function.name}'s {law.output} do not add up to it"


def _adds_up(law: Terms, item: Item) -> bool:
    with np.errstate(all="ignore"):
        return equal(np.asarray(sum(evaluate_terms(law.make, item).values())), item.want)
