"""Hypotheses from the invariants that an exercise declares: sums that the right output keeps."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.diagnosis.axes import axis_names
from autograder.diagnosis.counterfactual import Counterfactuals
from autograder.diagnosis.evidence import Evidence, Item, gather
from autograder.diagnosis.hypothesis import Hypothesis, hypothesis
from autograder.diagnosis.known_mistakes import KnownMistakes
from autograder.diagnosis.numbers import RTOL, equal
from autograder.diagnosis.terms import evaluate_terms
from autograder.sandbox.inprocess import InProcess
from autograder.spec.invariant import Sums, Terms


def invariants(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield what the exercise says of the broken sums if all others are kept, or of all sums if none is broken."""
    declared = [law for law in _declared(evidence) if law.over]
    broken = [law for law in declared if law.broken and _all_items(evidence, law, kept=False)]
    kept = [law for law in declared if _all_items(evidence, law, kept=True)]
    words = " ".join(law.broken for law in broken) or " ".join(law.kept for law in kept if law.kept)
    if words and len(broken) + len(kept) == len(declared):
        name = "broken" if broken else "kept"
        yield hypothesis("invariant", name, evidence, words, lambda view: _holds(view, broken, kept), complete=False)


def equalities(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield what the exercise says of each entry of the output, for outputs that nothing else explains."""
    for law in _declared(evidence):
        if law.broken and not law.over:
            yield hypothesis("invariant", "broken", evidence, law.broken, _is_wrong_everywhere, complete=False)


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
    """Return whether the output has the sums of the expected one; None where they cannot be compared."""
    names = axis_names(evidence.axes, evidence.output, item.want.ndim)
    axes = tuple(names.index(name) for name in law.over.split() if name in names)
    if item.got is None or not item.fits or len(axes) != len(law.over.split()):
        return None
    by = _centred(item, law.times, axes)
    off = np.abs(np.sum((item.got - item.want) * by, axis=axes))
    size = np.sum(np.abs(item.want * by), axis=axes) + np.sum(np.abs(item.got * by), axis=axes)
    return bool(np.all(off <= max(law.slack, 10 * RTOL) * np.max(size, initial=0.0)))


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
