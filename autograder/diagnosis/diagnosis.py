"""Diagnosis of failing findings; it gives no hint where nothing is proven, and it never changes a score.

The order: a known mistake or convention with the same output; a hypothesis that explains every number; a wrong forward
whose exact derivative the backward is; a hypothesis that narrows the search (docs/decisions/0009).
"""

from __future__ import annotations

from dataclasses import replace

from autograder.checks import CHECKS
from autograder.checks.trial import Trial, WorkSpent
from autograder.diagnosis.hypothesis import Hypothesis
from autograder.diagnosis.known_mistakes import KnownMistakes
from autograder.diagnosis.match import name_mistakes
from autograder.diagnosis.patterns import explain, gather_wrong_parts, narrow
from autograder.report.report import Finding
from autograder.spec.exercise import Mistake
from autograder.spec.function import Function

_NUMBERS = ("values", "gradient")
_GRADED = {name for name, check in CHECKS.items() if check.earns != "nothing" and not check.alone}


def diagnose(trial: Trial, findings: tuple[Finding, ...], known_mistakes: KnownMistakes) -> tuple[Finding, ...]:
    """Return the findings, with hint and diagnosis where a failure is explained and the name of a known mistake."""
    known = explain_findings(trial, findings, known_mistakes)
    return tuple(_with_hint(finding, known.get(i)) for i, finding in enumerate(findings))


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
    if finding.check not in _NUMBERS or finding.output is None:
        return None
    try:
        evidence = gather_wrong_parts(trial, function, finding.output, known_mistakes)
        return explain(evidence) or _follows_from_forward(function, findings) or narrow(evidence)
    except WorkSpent:
        return None


def _with_hint(finding: Finding, known: Mistake | Hypothesis | None) -> Finding:
    match known:
        case Mistake(name=name, hint=hint, convention=convention):
            return replace(finding, mistake=name, hint=hint, diagnosis="convention" if convention else "mistake")
        case Hypothesis(kind=kind, words=words):
            return replace(finding, hint=words, diagnosis=kind)
    return finding


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
