"""What can be proven of an output's numbers, the strongest first: what explains all of them, then what narrows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from autograder.checks.trial import Trial
from autograder.diagnosis.compounds import compounds
from autograder.diagnosis.counterfactual import Counterfactuals
from autograder.diagnosis.differences import multiples, simple_terms, stretched
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
from autograder.diagnosis.redraw import DRAWN, can_redraw, redrawn_trial
from autograder.diagnosis.regions import regions
from autograder.diagnosis.residuals import carried, circumstances, residuals
from autograder.diagnosis.shapes import shapes
from autograder.diagnosis.steps import steps
from autograder.diagnosis.sums import summed_inputs, sums
from autograder.diagnosis.terms import terms, weights
from autograder.spec.function import Function

Family = Callable[[Evidence], Iterator[Hypothesis | None]]

_EXPLAIN: tuple[Family, ...] = (
    shapes, sums, permuted, factor, inputs_as_factors, summed_inputs, simple_terms, other_functions, terms,
    other_inputs, weights, multiples, stretched, partial_sums, steps, compounds,
)  # fmt: skip
_NARROW: tuple[Family, ...] = (
    carried, regions, invariants, residuals, probes, circumstances, equalities,
)  # fmt: skip


_SURE = 2
"""Papers that a claim must hold on which explains every number, the student's own among them."""


def explain(evidence: Evidence) -> Hypothesis | None:
    """The claim that says what every number of the output is, in all cases, else in those that fail."""
    return _first(evidence, _explanations(evidence) if evidence.telling else ())


def narrow(evidence: Evidence) -> Hypothesis | None:
    """The claim that says where to look."""
    return _first(evidence, (hypothesis for family in _NARROW for hypothesis in family(evidence)))


def learn(trial: Trial, function: Function, output: str, known_mistakes: KnownMistakes) -> Evidence:
    """The facts about what is wrong with this output."""
    counterfactuals = trial.once("elsewhere", lambda: Counterfactuals(trial, known_mistakes))
    return focus(gather(trial, function, output, counterfactuals))


def _first(evidence: Evidence, found: Iterable[Hypothesis | None]) -> Hypothesis | None:
    """The first claim that also holds for inputs drawn anew."""
    with np.errstate(all="ignore"):
        return next(
            (hypothesis for hypothesis in found if hypothesis is not None and _stands(hypothesis, evidence)), None
        )


def _explanations(evidence: Evidence) -> Iterator[Hypothesis | None]:
    several = 0 < len(evidence.failing) < len(evidence.items)
    for view in (evidence, only_failing(evidence)) if several else (evidence,):
        for family in _EXPLAIN:
            yield from family(view)


def _stands(hypothesis: Hypothesis, evidence: Evidence) -> bool:
    """Whether it holds for inputs drawn anew: once where it explains every number, else more often. A call that was
    ended is not made again, and known mistakes are recorded on one paper only: then it must explain every number."""
    variant = evidence.trial.variant
    if evidence.ended or (variant.recorded and (hypothesis.sure or not can_redraw(variant))):
        return hypothesis.sure
    for number in range(1, _SURE if hypothesis.sure else DRAWN):
        other = _drawn_anew(evidence, number)
        if not (other.wrong and hypothesis.holds(other)):
            return False
    return True


def _drawn_anew(evidence: Evidence, number: int) -> Evidence:
    """The facts of a twin."""
    redrawn = redrawn_trial(evidence.trial, evidence.function, number)
    key = f"facts {evidence.function.name} {evidence.output} {number}"
    return evidence.trial.once(
        key, lambda: learn(redrawn, evidence.function, evidence.output, KnownMistakes(redrawn.variant))
    )
