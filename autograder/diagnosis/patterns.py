"""Search for a proven hypothesis about an output: first those that explain every number, then weaker ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from autograder.checks.trial import Trial
from autograder.diagnosis.counterfactual import Counterfactuals, KnownMistakes
from autograder.diagnosis.evidence import Evidence, focus, gather
from autograder.diagnosis.factors import affine, factor, inputs_as_factors, multiples, reshaped_factor, simple_terms
from autograder.diagnosis.forms import permuted, shapes, steps
from autograder.diagnosis.hypothesis import Hypothesis, only_failing
from autograder.diagnosis.other_inputs import compounds, other_functions, other_inputs
from autograder.diagnosis.other_shapes import NEIGHBOURHOODS, VARIANTS, can_redraw, other_shapes, redrawn_trial
from autograder.diagnosis.probes import probes
from autograder.diagnosis.regions import circumstances, difference_quotient, regions, residuals, state_errors
from autograder.diagnosis.sums import partial_sums, summed_inputs, sums
from autograder.diagnosis.terms import equalities, invariants, terms, weighted_terms
from autograder.errors import Unrecorded
from autograder.spec.function import Function

Family = Callable[[Evidence], Iterator[Hypothesis | None]]

_COMPLETE: tuple[Family, ...] = (
    difference_quotient, shapes, sums, permuted, factor, reshaped_factor, inputs_as_factors, summed_inputs,
    simple_terms, other_functions, terms, other_inputs, weighted_terms, multiples, affine, partial_sums, steps,
    compounds,
)  # fmt: skip
_INCOMPLETE: tuple[Family, ...] = (
    state_errors, difference_quotient, regions, invariants, residuals, probes,
)  # fmt: skip
_LAST: tuple[Family, ...] = (circumstances, equalities)


def explain(evidence: Evidence) -> Hypothesis | None:
    """Return the first hypothesis that explains every number, in all cases or else in those that fail."""
    return _first_confirmed(evidence, _complete_hypotheses(evidence) if evidence.is_significant else ())


def narrow(evidence: Evidence, last: bool = False) -> Hypothesis | None:
    """Return the first hypothesis that narrows the search for the mistake. last: those that narrow it the least."""
    families = _LAST if last else _INCOMPLETE
    return _first_confirmed(evidence, (hypothesis for family in families for hypothesis in family(evidence)))


def gather_wrong_parts(trial: Trial, function: Function, output: str, known_mistakes: KnownMistakes) -> Evidence:
    """Gather the evidence about one output, limited to its wrong parts."""
    counterfactuals = trial.once("counterfactuals", lambda: Counterfactuals(trial, known_mistakes))
    return focus(gather(trial, function, output, counterfactuals))


def _first_confirmed(evidence: Evidence, found: Iterable[Hypothesis | None]) -> Hypothesis | None:
    """Return the first hypothesis that also holds on redrawn variants."""
    with np.errstate(all="ignore"):
        return next(
            (hypothesis for hypothesis in _counted(evidence, found) if _is_confirmed(hypothesis, evidence)), None
        )


def _counted(evidence: Evidence, found: Iterable[Hypothesis | None]) -> Iterator[Hypothesis]:
    """Yield the hypotheses; each that was tried counts as an examination of the evidence."""
    for hypothesis in found:
        evidence.spend()
        if hypothesis is not None:
            yield hypothesis


def _complete_hypotheses(evidence: Evidence) -> Iterator[Hypothesis | None]:
    several = 0 < len(evidence.failing) < len(evidence.items)
    for view in (evidence, only_failing(evidence)) if several else (evidence,):
        for family in _COMPLETE:
            yield from family(view)


def _is_confirmed(hypothesis: Hypothesis, evidence: Evidence) -> bool:
    """Return whether the hypothesis holds on redrawn variants, and on other shapes wherever the answer fails there.

    Nothing is confirmed where the answer was stopped, or where a record holds no redrawn variant.
    """
    if evidence.was_stopped or not can_redraw(evidence.trial.variant):
        return False
    redrawn = range(1, VARIANTS)
    return (
        all(_is_refound(hypothesis, _redrawn_evidence(evidence, number)) for number in redrawn)
        and _holds_on_other_shapes(hypothesis, evidence)
    )  # fmt: skip


def _is_refound(hypothesis: Hypothesis, other: Evidence) -> bool:
    return bool(other.failing_cases) and _holds(hypothesis, other)


def _holds(hypothesis: Hypothesis, other: Evidence) -> bool:
    """Return whether the hypothesis holds; False where a record does not hold what its test would ask."""
    other.spend()
    try:
        return hypothesis.holds(other)
    except Unrecorded:
        return False


def _holds_on_other_shapes(hypothesis: Hypothesis, evidence: Evidence) -> bool:
    others = [_evidence_of_other_shapes(evidence, number) for number in range(1, NEIGHBOURHOODS + 1)]
    return all(other is not None and (not other.failing_cases or _holds(hypothesis, other)) for other in others)


def _evidence_of_other_shapes(evidence: Evidence, number: int) -> Evidence | None:
    """Gather the evidence about the output on other shapes; None where there are none."""
    other = other_shapes(evidence.trial, evidence.function, number)
    if other is None:
        return None
    (function,) = other.exercise.functions
    key = f"evidence on other shapes {function.name} {evidence.output} {number}"
    return evidence.trial.once(
        key, lambda: gather_wrong_parts(other, function, evidence.output, KnownMistakes(other.variant))
    )


def _redrawn_evidence(evidence: Evidence, number: int) -> Evidence:
    """Gather the evidence about the output on a redrawn variant."""
    redrawn = redrawn_trial(evidence.trial, evidence.function, number)
    key = f"evidence {evidence.function.name} {evidence.output} {number}"
    return evidence.trial.once(
        key, lambda: gather_wrong_parts(redrawn, evidence.function, evidence.output, KnownMistakes(redrawn.variant))
    )
