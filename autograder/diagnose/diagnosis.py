"""The order of a diagnosis. It abstains rather than guess, and it never changes a score."""

from __future__ import annotations

from dataclasses import replace

from autograder.checks.trial import Trial
from autograder.diagnose.gallery import Gallery
from autograder.diagnose.names import name_mistakes
from autograder.exercise import Function, Mistake
from autograder.report import Finding

_GRADED = ("values", "gradient", "purity", "stability")


def diagnose(trial: Trial, findings: tuple[Finding, ...], gallery: Gallery) -> tuple[Finding, ...]:
    """The findings, with hint and diagnosis where something is known of what fails; mistake where it has a name."""
    told = list(findings)
    for function in trial.exercise.functions:
        failing = [i for i, f in enumerate(findings) if f.function == function.name and needs_hint(f)]
        for i, finding in zip(failing, _explain(trial, function, [findings[i] for i in failing], gallery), strict=True):
            told[i] = finding
    return tuple(told)


def needs_hint(finding: Finding) -> bool:
    """Whether a diagnosis could help."""
    return finding.check in _GRADED and finding.status in ("failed", "error")


def _explain(trial: Trial, function: Function, failing: list[Finding], gallery: Gallery) -> list[Finding]:
    named = name_mistakes(trial, function, failing, gallery) if failing else []
    return [_name(finding, mistake) for finding, mistake in zip(failing, named, strict=True)]


def _name(finding: Finding, mistake: Mistake | None) -> Finding:
    return finding if mistake is None else replace(
        finding, mistake=mistake.name, hint=mistake.hint, diagnosis="convention" if mistake.convention else "mistake"
    )
