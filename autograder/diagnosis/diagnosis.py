"""The order of a diagnosis. It abstains rather than guess, and it never changes a score.

A known mistake's output, or a convention's; then what explains every number; then the other half, where this one only
follows from it; then what narrows it down (docs/decisions/0006).
"""

from __future__ import annotations

from dataclasses import replace

from autograder.checks import CHECKS
from autograder.checks.trial import Trial
from autograder.diagnosis.hypothesis import Hypothesis
from autograder.diagnosis.known_mistakes import KnownMistakes
from autograder.diagnosis.match import name_mistakes
from autograder.diagnosis.patterns import explain, learn, narrow
from autograder.report.report import Finding
from autograder.spec.exercise import Mistake
from autograder.spec.function import Function

_NUMBERS = ("values", "gradient")
_GRADED = {name for name, check in CHECKS.items() if check.earns != "nothing" and not check.alone}


def diagnose(trial: Trial, findings: tuple[Finding, ...], known_mistakes: KnownMistakes) -> tuple[Finding, ...]:
    """The findings, with hint and diagnosis where something is known of what fails; mistake where it has a name."""
    known = understand(trial, findings, known_mistakes)
    return tuple(_tell(finding, known.get(i)) for i, finding in enumerate(findings))


def understand(
    trial: Trial, findings: tuple[Finding, ...], known_mistakes: KnownMistakes
) -> dict[int, Mistake | Hypothesis]:
    """What is known of each finding that fails, by its place."""
    known: dict[int, Mistake | Hypothesis] = {}
    for function in trial.exercise.functions:
        failing = [i for i, f in enumerate(findings) if f.function == function.name and needs_hint(f)]
        named = name_mistakes(trial, function, [findings[i] for i in failing], known_mistakes) if failing else []
        for i, mistake in zip(failing, named, strict=True):
            found = mistake or _prove(trial, function, findings, findings[i], known_mistakes)
            known |= {i: found} if found else {}
    return known


def needs_hint(finding: Finding) -> bool:
    """Whether a diagnosis could help."""
    return finding.check in _GRADED and finding.status in ("failed", "error")


def _prove(
    trial: Trial, function: Function, findings: tuple[Finding, ...], finding: Finding, known_mistakes: KnownMistakes
) -> Hypothesis | None:
    """What can be proven of an output that no known mistake explains."""
    if finding.check not in _NUMBERS or finding.output is None:
        return None
    evidence = learn(trial, function, finding.output, known_mistakes)
    return explain(evidence) or _consistent(function, findings) or narrow(evidence)


def _tell(finding: Finding, known: Mistake | Hypothesis | None) -> Finding:
    match known:
        case Mistake(name=name, hint=hint, convention=convention):
            return replace(finding, mistake=name, hint=hint, diagnosis="convention" if convention else "mistake")
        case Hypothesis(kind=kind, words=words):
            return replace(finding, hint=words, diagnosis=kind)
    return finding


def _consistent(function: Function, findings: tuple[Finding, ...]) -> Hypothesis | None:
    """Where backward is the exact derivative of the student's own forward, that is what there is to say of it."""
    exact = any(f.check == "consistency" and f.function == function.name and f.status == "passed" for f in findings)
    if not exact or function.forward is None:
        return None
    words = (
        f"This follows from your own {function.forward.name}, whose exact derivative it is: repair that first, then "
        f"see what changes here."
    )
    return Hypothesis("consistency", "consistency", words, lambda other: True)
