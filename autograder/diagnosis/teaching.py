"""Addition of hints and smallest failing inputs to findings; status and points stay unchanged."""

from __future__ import annotations

from dataclasses import replace

from autograder.checks.trial import Trial
from autograder.diagnosis.hint import hint_steps, speed_steps
from autograder.diagnosis.shrink import smallest_failure
from autograder.report.report import Finding

_NUMBERS = ("values", "gradient", "ties", "stability")
_FORMULAS = (*_NUMBERS, "training")


def add_hints(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings; those that failed get hints and the smallest input that fails, slow ones get hints."""
    return tuple(
        _extend(trial, finding) if finding.status in ("failed", "error")
        else replace(finding, ladder=speed_steps(finding, trial.exercise.function(finding.function)))
        if finding.status == "slow" and finding.function
        else finding
        for finding in findings
    )  # fmt: skip


def _extend(trial: Trial, finding: Finding) -> Finding:
    """Add hints to a failure of a named function. An exception here costs the hints and not the verdict; the audit and
    the tests of the course find its cause."""
    if not finding.function or finding.check == "consistency":
        return finding
    try:
        example = smallest_failure(trial, finding) if finding.check in _NUMBERS else None
        show_numbers = finding.check in _FORMULAS and _may_show_numbers(trial, finding)
        return replace(finding, example=example, ladder=hint_steps(trial.exercise, finding, show_numbers))
    except Exception:
        return finding


def _may_show_numbers(trial: Trial, finding: Finding) -> bool:
    """Return whether the numbers of the case may be shown: it is public, or hidden cases are revealed."""
    function = trial.exercise.function(finding.function)
    public = {case.name for case in (*function.cases, *function.stable_cases) if case.public}
    return trial.reveal or finding.case in public
