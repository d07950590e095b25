"""The order of a diagnosis. It abstains rather than guess, and it never changes a score.

A known mistake's output, or a convention's; then what explains every number; then the other half, where this one only
follows from it; then what narrows it down (docs/decisions/0006).
"""

from __future__ import annotations

from dataclasses import replace

from autograder.checks.trial import Trial
from autograder.diagnose.claim import Claim
from autograder.diagnose.gallery import Gallery
from autograder.diagnose.names import name_mistakes
from autograder.diagnose.patterns import explain, learn, narrow
from autograder.exercise import Function, Mistake
from autograder.report import Finding

_NUMBERS = ("values", "gradient")
_GRADED = (*_NUMBERS, "purity", "stability")


def diagnose(trial: Trial, findings: tuple[Finding, ...], gallery: Gallery) -> tuple[Finding, ...]:
    """The findings, with hint and diagnosis where something is known of what fails; mistake where it has a name."""
    told = list(findings)
    for function in trial.exercise.functions:
        failing = [i for i, f in enumerate(findings) if f.function == function.name and needs_hint(f)]
        named = name_mistakes(trial, function, [findings[i] for i in failing], gallery) if failing else []
        for i, mistake in zip(failing, named, strict=True):
            told[i] = _told(trial, function, findings, findings[i], mistake, gallery)
    return tuple(told)


def needs_hint(finding: Finding) -> bool:
    """Whether a diagnosis could help."""
    return finding.check in _GRADED and finding.status in ("failed", "error")


def _told(
    trial: Trial, function: Function, findings: tuple[Finding, ...], finding: Finding, mistake: Mistake | None,
    gallery: Gallery,
) -> Finding:  # fmt: skip
    """One finding with the best that is known of it."""
    if mistake is not None:
        kind = "convention" if mistake.convention else "mistake"
        return replace(finding, mistake=mistake.name, hint=mistake.hint, diagnosis=kind)
    if finding.check not in _NUMBERS or finding.output is None:
        return finding
    facts = learn(trial, function, finding.output, gallery)
    claim = explain(facts) or _consistent(function, findings) or narrow(facts)
    return finding if claim is None else replace(finding, hint=claim.words, diagnosis=claim.kind)


def _consistent(function: Function, findings: tuple[Finding, ...]) -> Claim | None:
    """Where backward is the exact derivative of the student's own forward, that is what there is to say of it."""
    exact = any(f.check == "consistency" and f.function == function.name and f.status == "passed" for f in findings)
    if not exact or function.forward is None:
        return None
    words = (
        f"This follows from your own {function.forward.name}, whose exact derivative it is: repair that first, then "
        f"see what changes here."
    )
    return Claim("consistency", "consistency", words, lambda other: True)
