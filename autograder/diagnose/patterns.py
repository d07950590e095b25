"""What can be proven of an output's numbers, the strongest first: what explains all of them, then what narrows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from autograder.checks.trial import Trial
from autograder.diagnose.claim import Claim, only_failing
from autograder.diagnose.compounds import compounds
from autograder.diagnose.differences import multiples, simple_terms, stretched
from autograder.diagnose.elsewhere import Elsewhere
from autograder.diagnose.factors import factor, inputs_as_factors
from autograder.diagnose.facts import Facts, gather
from autograder.diagnose.focus import focus
from autograder.diagnose.forms import forms
from autograder.diagnose.gallery import Gallery
from autograder.diagnose.invariants import equalities, invariants
from autograder.diagnose.moves import moves
from autograder.diagnose.probes import probes
from autograder.diagnose.regions import regions
from autograder.diagnose.shares import shares
from autograder.diagnose.steps import steps
from autograder.diagnose.sums import summed_inputs, sums
from autograder.diagnose.terms import terms, weights
from autograder.diagnose.traces import carried, circumstances, leftovers
from autograder.diagnose.twin import DRAWN, has_twins, twin_trial
from autograder.diagnose.variants import other_functions, variants
from autograder.exercise import Function

Family = Callable[[Facts], Iterator[Claim | None]]

_EXPLAIN: tuple[Family, ...] = (
    forms, sums, moves, factor, inputs_as_factors, summed_inputs, simple_terms, other_functions, terms, variants,
    weights, multiples, stretched, shares, steps, compounds,
)  # fmt: skip
_NARROW: tuple[Family, ...] = (
    carried, regions, invariants, leftovers, probes, circumstances, equalities,
)  # fmt: skip


_SURE = 2
"""Papers that a claim must hold on which explains every number, the student's own among them."""


def explain(facts: Facts) -> Claim | None:
    """The claim that says what every number of the output is, in all cases, else in those that fail."""
    return _first(facts, _explanations(facts) if facts.telling else ())


def narrow(facts: Facts) -> Claim | None:
    """The claim that says where to look."""
    return _first(facts, (claim for family in _NARROW for claim in family(facts)))


def learn(trial: Trial, function: Function, output: str, gallery: Gallery) -> Facts:
    """The facts about what is wrong with this output."""
    elsewhere = trial.once("elsewhere", lambda: Elsewhere(trial, gallery))
    return focus(gather(trial, function, output, elsewhere))


def _first(facts: Facts, found: Iterable[Claim | None]) -> Claim | None:
    """The first claim that also holds for inputs drawn anew."""
    with np.errstate(all="ignore"):
        return next((claim for claim in found if claim is not None and _stands(claim, facts)), None)


def _explanations(facts: Facts) -> Iterator[Claim | None]:
    several = 0 < len(facts.failing) < len(facts.items)
    for view in (facts, only_failing(facts)) if several else (facts,):
        for family in _EXPLAIN:
            yield from family(view)


def _stands(claim: Claim, facts: Facts) -> bool:
    """Whether it holds for inputs drawn anew: once where it explains every number, else more often. A call that was
    ended is not made again, and known mistakes are recorded on one paper only: then it must explain every number."""
    paper = facts.trial.paper
    if facts.ended or (paper.recorded and (claim.sure or not has_twins(paper))):
        return claim.sure
    for number in range(1, _SURE if claim.sure else DRAWN):
        other = _drawn_anew(facts, number)
        if not (other.wrong and claim.holds(other)):
            return False
    return True


def _drawn_anew(facts: Facts, number: int) -> Facts:
    """The facts of a twin."""
    twin = twin_trial(facts.trial, facts.function, number)
    key = f"facts {facts.function.name} {facts.output} {number}"
    return facts.trial.once(key, lambda: learn(twin, facts.function, facts.output, Gallery(twin.paper)))
