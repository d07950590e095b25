"""Diagnosis of failing findings; it gives no hint where nothing is proven, and it never changes a score.

The order: a known mistake or convention with the same output; a hypothesis that explains every number; a wrong forward
whose exact derivative the backward is; a hypothesis that narrows the search (docs/decisions/0009).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from autograder.checks import CHECKS
from autograder.checks.trial import Trial, WorkSpent
from autograder.diagnosis.answers import (
    draws,
    explain_bound,
    explain_exception,
    explain_left_out,
    explain_own_forward,
    explain_unread,
    statements,
)  # fmt: skip
from autograder.diagnosis.clues import circumstances, difference_quotient, probes, regions, residuals, state_errors
from autograder.diagnosis.evidence import Counterfactuals, Evidence, KnownMistakes, focus, gather
from autograder.diagnosis.factors import factor, inputs_as_factors, reshaped_factor, simple_terms
from autograder.diagnosis.forms import permuted, shapes, steps, sums
from autograder.diagnosis.hypothesis import Hypothesis, only_failing
from autograder.diagnosis.match import name_mistakes
from autograder.diagnosis.other_inputs import compounds, other_functions, other_inputs
from autograder.diagnosis.other_shapes import NEIGHBOURHOODS, VARIANTS, can_redraw, other_shapes, redrawn_trial
from autograder.diagnosis.repairs import possible_repairs, repairs_of
from autograder.diagnosis.terms import equalities, invariants, terms, weighted_terms
from autograder.errors import Unrecorded
from autograder.report.report import Finding
from autograder.spec.exercise import Mistake
from autograder.spec.function import Function

Family = Callable[[Evidence], Iterator[Hypothesis | None]]

_COMPLETE: tuple[Family, ...] = (
    difference_quotient, shapes, sums, permuted, factor, reshaped_factor, inputs_as_factors,
    simple_terms, other_functions, terms, other_inputs, weighted_terms, steps, compounds,
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


_NUMBERS = ("values", "gradient")
_VAGUE = ("too long", "too short")
"""Hypotheses that explain every number and not why; a repair of the code says more."""
_GRADED = {name for name, check in CHECKS.items() if check.earns != "nothing" and not check.alone}


def diagnose(trial: Trial, findings: tuple[Finding, ...], known_mistakes: KnownMistakes) -> tuple[Finding, ...]:
    """Return the findings, with hint and diagnosis where a failure is explained and the name of a known mistake."""
    known = explain_findings(trial, findings, known_mistakes)
    outputs = {function.name: tuple(function.outputs) for function in trial.exercise.functions}
    return tuple(
        _with_hint(finding, known.get(i), outputs.get(finding.function, ())) for i, finding in enumerate(findings)
    )


def explain_findings(
    trial: Trial, findings: tuple[Finding, ...], known_mistakes: KnownMistakes
) -> dict[int, Mistake | Hypothesis]:
    """Return the explanation of each failing finding that has one, by the index of the finding."""
    known: dict[int, Mistake | Hypothesis] = {}
    for function in trial.exercise.functions:
        failing = [i for i, f in enumerate(findings) if f.function == function.name and needs_hint(f)]
        named = name_mistakes(trial, function, [findings[i] for i in failing], known_mistakes) if failing else []
        for i, mistake in zip(failing, named, strict=True):
            found = mistake or _proven_hypothesis(trial, function, findings, findings[i], known_mistakes)
            known |= {i: found} if found else {}
    return known


def needs_hint(finding: Finding) -> bool:
    """Return whether the finding failed in a check that can be diagnosed."""
    return finding.check in _GRADED and finding.status in ("failed", "error")


def _proven_hypothesis(
    trial: Trial, function: Function, findings: tuple[Finding, ...], finding: Finding, known_mistakes: KnownMistakes
) -> Hypothesis | None:
    """Return the strongest proven hypothesis about an output that no known mistake explains."""
    if finding.status == "error" and (words := explain_left_out(trial, finding)):
        return _stated("exception", words)
    if finding.check == "stability" and len(function.outputs) == 1:
        return _stated("bound", explain_bound(trial, function, *function.outputs))
    if finding.check not in _NUMBERS or finding.output is None:
        return None
    try:
        return _strongest(trial, function, finding, findings, finding.output, known_mistakes)
    except WorkSpent:
        return None


def _strongest(
    trial: Trial, function: Function, finding: Finding, findings: tuple[Finding, ...], output: str,
    known_mistakes: KnownMistakes,
) -> Hypothesis | None:  # fmt: skip
    for words in statements(trial, function, output):
        if words:
            return Hypothesis("pattern", "answer", words, lambda other: True)
    raised = explain_exception(trial, function, finding.case) if finding.status == "error" else ""
    if words := explain_own_forward(trial, function, findings, raises=bool(raised)):
        return Hypothesis("consistency", "own forward", words, lambda other: True)
    evidence = gather_wrong_parts(trial, function, output, known_mistakes)
    drawn = any(case.name in evidence.failing_cases and draws(trial, function, case, output) for case in function.cases)
    complete = None if drawn else explain(evidence)
    if complete and complete.name not in _VAGUE:
        return complete
    if repaired := _stated("repair", repairs_of(trial, function).get(output, "")):
        return repaired
    return (
        complete
        or _stated("unread", explain_unread(trial, function))
        or _follows_from_forward(function, findings)
        or (None if drawn else narrow(evidence))
        or _stated("repair", possible_repairs(trial, function).get(output, ""))
        or (None if drawn else narrow(evidence, last=True))
        or _stated("exception", raised)
    )


def _stated(name: str, words: str) -> Hypothesis | None:
    """Return the hypothesis of a sentence that needs no further proof; None where there is none."""
    return Hypothesis("pattern", name, words, lambda other: True) if words else None


def _with_hint(finding: Finding, known: Mistake | Hypothesis | None, outputs: tuple[str, ...]) -> Finding:
    match known:
        case Mistake(name=name, hint=hint, convention=convention):
            kind = "convention" if convention else "mistake"
            return replace(finding, mistake=name, hint=_of_output(finding.output, hint, outputs), diagnosis=kind)
        case Hypothesis(kind=kind, words=words):
            return replace(finding, hint=words, diagnosis=kind)
    return finding


def _of_output(output: str | None, hint: str, outputs: tuple[str, ...]) -> str:
    """Return the hint of a known mistake, with words that lead to it where it speaks of other outputs alone."""
    named = {name for name in outputs if re.search(rf"\b{re.escape(name)}\b", hint)}
    if output is None or not named or output in named:
        return hint
    return f"{output} is wrong by this mistake too: {hint}"


def _follows_from_forward(function: Function, findings: tuple[Finding, ...]) -> Hypothesis | None:
    """Return the hypothesis that backward is the exact derivative of the student's own wrong forward."""
    exact = any(f.check == "consistency" and f.function == function.name and f.status == "passed" for f in findings)
    if not exact or function.forward is None:
        return None
    words = (
        f"This follows from your own {function.forward.name}, whose exact derivative it is: repair that first, then "
        f"see what changes here."
    )
    return Hypothesis("consistency", "consistency", words, lambda other: True)
