"""What a failure can teach, added to the findings once all of them are there. It never changes a verdict."""

from __future__ import annotations

from dataclasses import replace

from autograder.checks.trial import Trial
from autograder.diagnosis.hint_steps import hint_steps
from autograder.diagnosis.shrink import smallest
from autograder.report.report import Finding

_NUMBERS = ("values", "gradient", "stability")
_FORMULAS = (*_NUMBERS, "training")


def teach(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, those that failed with hints and with the smallest input that shows it."""
    return tuple(_taught(trial, finding) if finding.status in ("failed", "error") else finding for finding in findings)


def _taught(trial: Trial, finding: Finding) -> Finding:
    """Hints for every failure that a function is named for. What fails here, by the author's fault or the machine's,
    costs the hints and not the verdict; the audit and the course's tests meet it too."""
    if not finding.function or finding.check == "consistency":
        return finding
    try:
        example = smallest(trial, finding) if finding.check in _NUMBERS else None
        told = finding.check in _FORMULAS and _open(trial, finding)
        return replace(finding, example=example, ladder=hint_steps(trial.exercise, finding, told))
    except Exception:
        return finding


def _open(trial: Trial, finding: Finding) -> bool:
    """Whether the case's numbers may be shown: it is public, or this is a student's own machine."""
    function = trial.exercise.function(finding.function)
    public = {case.name for case in (*function.cases, *function.stable_cases) if case.public}
    return trial.reveal or finding.case in public
