"""Search for a proven hypothesis about an output: first those that explain every number, then weaker ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from autograder.checks.trial import Trial
from autograder.diagnosis.compounds import compounds
from autograder.diagnosis.counterfactual import Counterfactuals
from autograder.diagnosis.differences import affine, multiples, simple_terms
from autograder.diagnosis.evidence import Evidence, gather
from autograder.diagnosis.factors import factor, inputs_as_factors
from autograder.diagnosis.focus import focus
from autograder.diagnosis.hypothesis import Hypothesis, only_failing
from autograder.diagnosis.invariants import equalities, invariants
from autograder.diagnosis.known_mistakes import KnownMistakes
from autograder.diagnosis.other_inputs import other_functions, other_inputs
from autograder.diagnosis.partial_sums import partial_sums
from autograder.diagnosis.permutations import permuted
from autograder.diagnosis.probes import probes
from autograder.diagnosis.redraw import VARIANTS, can_redraw, redrawn_trial
from autograder.diagnosis.regions import regions
from autograder.diagnosis.residuals import circumstances, difference_quotient, residuals, state_errors
from autograder.diagnosis.shapes import shapes
from autograder.diagnosis.steps import steps
from autograder.diagnosis.sums import summed_inputs, sums
from autograder.diagnosis.terms import terms, weighted_terms
from autograder.spec.function import Function

Family = Callable[[Evidence], Iterator[Hypothesis | None]]

_COMPLETE: tuple[Family, ...] = (
    difference_quotient, shapes, sums, permuted, factor, inputs_as_factors, summed_inputs, simple_terms,
    other_functions, terms, other_inputs, weighted_terms, multiples, affine, partial_sums, steps, compounds,
)  # fmt: skip
_INCOMPLETE: tuple[Family, ...] = (
    state_errors, difference_quotient, regions, invariants, residuals, probes, circumstances, equalities,
)  # fmt: skip


_VARIANTS_IF_COMPLETE = 2
"""Variants on which a complete hypothesis must hold, the student's own included."""


def explain(evidence: Evidence) -> Hypothesis | None:
    """Return the first hypothesis that explains every number, in all cases or else in those that fail."""
    return _first_confirmed(evidence, _complete_hypotheses(evidence) if evidence.is_significant else ())


def narrow(evidence: Evidence) -> Hypothesis | None:
    """Return the first hypothesis that narrows the search for the mistake."""
    return _first_confirmed(evidence, (hypothesis for family in _INCOMPLETE for hypothesis in family(evidence)))


def gather_wrong_parts(trial: Trial, function: Function, output: str, known_mistakes: KnownMistakes) -> Evidence:
    """Gather the evidence about one output, limited to its wrong parts."""
    counterfactuals = trial.once("counterfactuals", lambda: Counterfactuals(trial, known_mistakes))
    return focus(gather(trial, function, output, counterfactuals))


def _first_confirmed(evidence: Evidence, found: Iterable[Hypothesis | None]) -> Hypothesis | None:
    """Return the first hypothesis that also holds on redrawn variants."""
    with np.errstate(all="ignore"):
        return next(
            (hypothesis for hypothesis in found if hypothesis is not None and _is_confirmed(hypothesis, evidence)), None
        )


def _complete_hypotheses(evidence: Evidence) -> Iterator[Hypothesis | None]:
    several = 0 < len(evidence.failing) < len(evidence.items)
    for view in (evidence, only_failing(evidence)) if several else (evidence,):
        for family in _COMPLETE:
            yield from family(view)


def _is_confirmed(hypothesis: Hypothesis, evidence: Evidence) -> bool:
    """Return whether the hypothesis holds on redrawn variants: one if it is complete, else several.

    Where the answer was stopped, or a record holds no redrawn variant, only a complete hypothesis is accepted.
    """
    variant = evidence.trial.variant
    if evidence.was_stopped or (variant.recorded and (hypothesis.complete or not can_redraw(variant))):
        return hypothesis.complete
    for number in range(1, _VARIANTS_IF_COMPLETE if hypothesis.complete else VARIANTS):
        other = _redrawn_evidence(evidence, number)
        if not (other.failing_cases and hypothesis.holds(other)):
            return False
    return True


def _redrawn_evidence(evidence: Evidence, number: int) -> Evidence:
    """Gather the evidence about the output on a redrawn variant."""
    redrawn = redrawn_trial(evidence.trial, evidence.function, number)
    key = f"evidence {evidence.function.name} {evidence.output} {number}"
    return evidence.trial.once(
        key, lambda: gather_wrong_parts(redrawn, evidence.function, evidence.output, KnownMistakes(redrawn.variant))
    )
