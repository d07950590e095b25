"""What a failure can teach, added to the findings once all of them are there. It never changes a verdict."""

from __future__ import annotations

from dataclasses import replace

from autograder.checks.trial import Trial
from autograder.report import Finding
from autograder.teaching.shrink import smallest

_SHOWN = ("values", "gradient", "stability")


def teach(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, those that failed with the smallest input that shows it."""
    return tuple(_taught(trial, finding) if _failed(finding) else finding for finding in findings)


def _failed(finding: Finding) -> bool:
    return finding.status in ("failed", "error") and finding.check in _SHOWN


def _taught(trial: Trial, finding: Finding) -> Finding:
    return replace(finding, example=smallest(trial, finding))
