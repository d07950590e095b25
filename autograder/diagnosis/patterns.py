"""What can be proven of an output's numbers, the strongest first: what explains all of them, then what narrows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from autograder.checks.trial import Trial
from autograder.diagnosis.hypothesis import Hypothesis, only_failing
from autograder.diagnosis.compounds import compounds
from autograder.diagnosis.differences import multiples, simple_terms, stretched
from autograder.diagnosis.counterfactual import Counterfactuals
from autograder.diagnosis.factors import factor, inputs_as_factors
from autograder.diagnosis.evidence import Evidence, gather
from autograder.diagnosis.focus import focus
from autograder.diagnosis.shapes import shapes
from autograder.diagnosis.known_mistakes import KnownMistakes
from autograder.diagnosis.invariants import equalities, invariants
from autograder.diagnosis.permutations import permuted
from autograder.diagnosis.probes import probes
from autograder.diagnosis.regions import regions
from autograder.diagnosis.partial_sums import partial_sums
from autograder.diagnosis.steps import steps
from autograder.diagnosis.sums import summed_inputs, sums
from autograder.diagnosis.terms import terms, weights
from autograder.diagnosis.residuals import carried, circumstances, residuals
from autograder.diagnosis.redraw import DRAWN, can_redraw, redrawn_trial
from autograder.diagnosis.other_inputs import other_functions, other_inputs
from autograder.spec.function import Function

Family = Callable[[Evidence], Iterator[Hypothesis | None]]

_EXPLAIN: tuple[Family, ...] = (
    shapes, sums, permuted, factor, inputs_as_factors, summed_inputs, simple_terms, other_functions, terms, other_inputs,
    weights, multiples, stretched, partial_sums, steps, compounds,
)  # fmt: skip
_NARROW: tuple[Family, ...] = (
    carried, regions, invariants, residuals, probes, circumstances, equalities,
)  # fmt: skip


_SURE = 2
"""Papers that a claim must hold on which explains every number, the student's own among them."""


def explain(facts: Evidence) -> Hypothesis | None:
    """The claim that says what every number of the output is, in all cases, else in those that fail."""
    return _first(facts, _explanations(facts) if facts.telling else ())


def narrow(facts: Evidence) -> Hypothesis | None:
    """The claim that says where to look."""
    return _first(facts, (claim for family in _NARROW for claim in family(facts)))


def learn(trial: Trial, function: Function, output: str, gallery: KnownMistakes) -> Evidence:
    """The facts about what is wrong with this output."""
    elsewhere = trial.once("elsewhere", lambda: Counterfactuals(trial, gallery))
    return focus(gather(trial, function, output, elsewhere))


def _first(facts: Evidence, found: Iterable[Hypothesis | None]) -> Hypothesis | None:
    """The first claim that also holds for inputs drawn anew."""
    with np.errstate(all="ignore"):
        return next((claim for claim in found if claim is not None and _stands(claim, facts)), None)


def _explanations(facts: Evidence) -> Iterator[Hypothesis | None]:
    several = 0 < len(facts.failing) < len(facts.items)
    for view in (facts, only_failing(facts)) if several else (facts,):
        for family in _EXPLAIN:
            yield from family(view)


def _stands(claim: Hypothesis, facts: Evidence) -> bool:
    """Whether it holds for inputs drawn anew: once where it explains every number, else more often. A call that was
    ended is not made again, and known mistakes are recorded on one paper only: then it must explain every number."""
    paper = facts.trial.paper
    if facts.ended or (paper.recorded and (claim.sure or not can_redraw(paper))):
        return claim.sure
    for number in range(1, _SURE if claim.sure else DRAWN):
        other = _drawn_anew(facts, number)
        if not (other.wrong and claim.holds(other)):
            return False
    return True


def _drawn_anew(facts: Evidence, number: int) -> Evidence:
    """The facts of a twin."""
    twin = redrawn_trial(facts.trial, facts.function, number)
    key = f"facts {facts.function.name} {facts.output} {number}"
    return facts.trial.once(key, lambda: learn(twin, facts.function, facts.output, KnownMistakes(twin.paper)))
