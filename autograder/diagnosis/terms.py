"""Hypotheses about the terms of a sum, from their weights in the output, and about known sums of the right output.

The terms are those that the exercise declares; else the inputs of the output's shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from math import isclose

import numpy as np

from autograder.checks.variant import Variant, arguments
from autograder.diagnosis.evidence import Evidence, Item, axis_names, equal, with_defaults
from autograder.diagnosis.factors import name_numbers
from autograder.diagnosis.hypothesis import Hypothesis, hypothesis
from autograder.sandbox.inprocess import materialise
from autograder.spec.exercise import Inputs
from autograder.spec.function import Function, Sums, Terms

Arrays = dict[str, np.ndarray]
Weights = dict[str, tuple[float, float]]
"""The weight of each term in the answer and in the right output; nan where it is not determined."""


@dataclass(frozen=True, eq=False)
class TermError:
    """The error of a term's weight, in words, and the wrong weight as a function."""

    words: str
    """"" for none."""
    value: Callable[[Item, float], float | None]
    """Return the weight for an item and a right weight."""


_PLAIN = {"", "is missing", "has the wrong sign"}


def terms(evidence: Evidence, plain: bool = True) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that terms of a sum have wrong weights. plain: only that terms are missing or negated."""
    for whole, errors in _sums(evidence):
        wrong = [f"{name} {error.words}" for name, error in errors.items() if error.words]
        if not wrong or (plain and not {error.words for error in errors.values()} <= _PLAIN):
            continue
        others = [] if len(wrong) == len(errors) else ["the others are right"]
        text = f"the terms of {evidence.subject}: {'; '.join(wrong + others)}."
        kind = "pattern" if whole.declared is None else "invariant"
        # The wrong weights give every output from whose numbers the weights follow.
        yield hypothesis(kind, "terms", evidence, text, lambda view, of=whole, errors=errors: all(  # type: ignore[misc]
            _is_sum(item, of, errors) for item in view.items if _measure(item, of) or not item.right))  # fmt: skip


weighted_terms = partial(terms, plain=False)
"""Yield the hypotheses that terms of a sum have wrong weights, of any value that has a name."""


@dataclass(frozen=True)
class _Sum:
    """The terms of a sum: those that the exercise declares, each with weight 1, or the inputs of the output's shape,
    whose right weights have to be solved for."""

    declared: Callable[..., Mapping[str, np.ndarray]] | None = None

    def terms(self, item: Item) -> Arrays:
        """Return the terms in the shape of the output."""
        if self.declared is not None:
            return _evaluate(self.declared, item.function, item.inputs, item.want.shape)
        return {name: value for name, value in item.inputs.items() if item.want.ndim and isinstance(value, np.ndarray)
                and value.dtype.kind == "f" and value.shape == item.want.shape}  # fmt: skip

    def right(self, table: np.ndarray, item: Item) -> np.ndarray:
        """Return the weights of the terms with which they add up to the right output."""
        return _solve(table, item.want)[0] if self.declared is None else np.ones(table.shape[1])


def _sums(evidence: Evidence) -> Iterator[tuple[_Sum, dict[str, TermError]]]:
    """Yield each sum that an output may be, with term → error of its weight; none where an error cannot be named."""
    declared = [i for i in evidence.function.invariants if isinstance(i, Terms) and i.output == evidence.output]
    for whole in [_Sum(invariant.make) for invariant in declared] or [_Sum()]:
        measured = [_measure(item, whole) for item in evidence.items]
        names = (measured[0] or {}).keys() if measured else ()
        found = [weights for weights in measured if weights is not None and weights.keys() == names]
        if not found or len(found) < len(measured):
            continue
        errors = {name: _term_error(evidence, [weights[name] for weights in found]) for name in found[0]}
        if None not in errors.values():
            yield whole, {name: error for name, error in errors.items() if error}


def _measure(item: Item, whole: _Sum) -> Weights | None:
    """Return the weights of the terms in answer and right output; None where no weights give one of them."""
    arrays = whole.terms(item)
    if item.got is None or not item.fits or not arrays:
        return None
    table = np.stack([array.ravel() for array in arrays.values()], axis=1)
    if not np.isfinite(table).all() or not np.isfinite(item.got).all():
        return None
    (solved, rank), right = _solve(table, item.got), whole.right(table, item)
    if not (equal(table @ solved, item.got.ravel()) and equal(table @ right, item.want.ravel())):
        return None
    if rank < table.shape[1] or len(table) < rank + 2:
        solved = right = np.full(len(arrays), np.nan)
    solved, right = (np.where(np.abs(found) < 1e-12, 0.0, found) for found in (solved, right))  # errors of the solver
    return {name: (float(a), float(b)) for name, a, b in zip(arrays, solved, right, strict=True)}


def _solve(table: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, int]:
    solved, _, rank, _ = np.linalg.lstsq(table, values.ravel(), rcond=None)
    return solved, int(rank)


def _term_error(evidence: Evidence, weights: list[tuple[float, float]]) -> TermError | None:
    """Return the error of a term's weight over all items; None where it cannot be named."""
    seen = [(a, b) for a, b in weights if not np.isnan(a)]
    if all(isclose(a, b) for a, b in seen):
        return TermError("", lambda item, right: right)
    if all(a == 0 for a, _ in seen):
        return TermError("is missing", lambda item, right: 0.0)
    if all(isclose(a, -b) for a, b in seen):
        return TermError("has the wrong sign", lambda item, right: -right)
    ratios = [a / b if b else float("nan") for a, b in weights]
    named = None if any(b == 0 and a != 0 for a, b in weights) else name_numbers(evidence, ratios)
    if named is not None:
        words = f"counts {named.text} times what it should"
        return TermError(words, lambda item, right: None if (n := named.value(item)) is None else n * right)
    constant = seen[0][0]
    if all(isclose(a, constant) for a, _ in seen) and len({round(b, 9) for _, b in seen}) > 1:
        return TermError("always has the same weight: what should it depend on", lambda item, right: constant)
    return None


def _is_sum(item: Item, whole: _Sum, errors: Mapping[str, TermError]) -> bool:
    arrays = whole.terms(item)
    if arrays.keys() != errors.keys() or item.got is None:
        return False
    table = np.stack([array.ravel() for array in arrays.values()], axis=1)
    if not np.isfinite(table).all():
        return False
    right, rank = whole.right(table, item), int(np.linalg.matrix_rank(table))
    if whole.declared is None and rank < table.shape[1]:
        return equal(table @ _solve(table, item.got)[0], item.got.ravel())  # too few numbers to tell
    weights = [errors[name].value(item, float(weight)) for name, weight in zip(arrays, right, strict=True)]
    return None not in weights and equal(item.got, (table @ np.array(weights, np.float64)).reshape(item.want.shape))


def _evaluate(make: Callable[..., Mapping[str, np.ndarray]], function: Function, inputs: Inputs,
              shape: tuple[int, ...]) -> Arrays:  # fmt: skip
    """Return the declared terms of a call, computed in the shape of the output."""
    args, kwargs = arguments(function, with_defaults(function, inputs))
    found = make(*map(materialise, args), **{name: materialise(value) for name, value in kwargs.items()})
    return {name: np.broadcast_to(np.asarray(value, np.float64), shape) for name, value in found.items()}


_CLEARLY = 3
"""A sum counts as broken if it is off by more than this multiple of the slack of its law."""


def invariants(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield a hypothesis with the exercise's sentences on the broken sums, or on the kept ones where none is broken."""
    declared = [law for law in _declared(evidence) if law.over]
    broken = [law for law in declared if law.broken and _are(evidence, [law], kept=False)]
    kept = [law for law in declared if _are(evidence, [law], kept=True)]
    words = " ".join(law.broken for law in broken) or " ".join(law.kept for law in kept if law.kept)
    if words and len(broken) + len(kept) == len(declared):
        yield hypothesis("invariant", "broken" if broken else "kept", evidence, words,
                         lambda view: _are(view, broken, kept=False) and _are(view, kept, kept=True))  # fmt: skip


def equalities(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield a hypothesis for each law without axes: the exercise's sentence on an output that nothing else explains."""

    def is_wrong(view: Evidence) -> bool:
        """Return whether the output fails somewhere, and has the right shape wherever it fails."""
        came = (item.got is not None and item.fits and isinstance(item.raw, np.ndarray | float)
                for item in view.failing)  # fmt: skip
        return bool(view.failing) and all(came)

    for law in _declared(evidence):
        if law.broken and not law.over:
            yield hypothesis("invariant", "broken", evidence, law.broken, is_wrong)


def _declared(evidence: Evidence) -> list[Sums]:
    return [law for law in evidence.function.invariants if isinstance(law, Sums) and law.output == evidence.output]


def _are(evidence: Evidence, laws: list[Sums], kept: bool) -> bool:
    """Return whether the sums of these laws are right (kept) or wrong (not kept) in every wrong item."""
    return bool(evidence.failing) and all(_is_kept(item, law, evidence) is kept for law in laws
                                          for item in evidence.failing)  # fmt: skip


def _is_kept(item: Item, law: Sums, evidence: Evidence) -> bool | None:
    """Return whether an output has the sums that the law requires; None where rounding leaves that open."""
    names = axis_names(evidence.axes, evidence.output, item.want.ndim)
    axes = tuple(names.index(name) for name in law.over.split() if name in names)
    if item.got is None or not item.fits or len(axes) != len(law.over.split()):
        return None
    by = np.ones(())
    if law.times:
        value = np.asarray(item.inputs[law.times], np.float64)
        by = np.asarray(value - value.mean(axis=axes, keepdims=True))
    off = np.abs(np.sum((item.got - item.want) * by, axis=axes))
    size = np.sum(np.abs(item.want * by), axis=axes) + np.sum(np.abs(item.got * by), axis=axes)
    share = float(np.max(off, initial=0.0)) / max(float(np.max(size, initial=0.0)), np.finfo(float).tiny)
    slack = max(law.slack, 1e-8)
    return None if slack < share <= _CLEARLY * slack else share <= slack


def faults(variant: Variant) -> Iterator[str]:
    """Yield a sentence on each output whose declared terms do not add up to the reference's output."""
    for function in variant.exercise.functions:
        for law in (law for law in function.invariants if isinstance(law, Terms)):
            cases = (case for case in function.cases if law.output not in case.accept)
            for call in (call for case in cases for call in variant.calls(function, case)):
                want = np.asarray(call.expected[law.output], np.float64)
                with np.errstate(all="ignore"):
                    terms = _evaluate(law.make, function, call.inputs, want.shape)
                if not equal(sum(terms.values(), np.zeros(())), want):
                    yield f"the terms of {function.name}'s {law.output} do not add up to it"
                    break
