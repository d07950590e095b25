"""Does a right answer stay right where the naive formula overflows?"""

from __future__ import annotations

from autograder.checks.trial import Trial
from autograder.checks.values import as_one
from autograder.report.report import Finding


def check(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """One finding per function that has points for it."""
    functions = [function for function in trial.exercise.functions if "stability" in function.points]
    return tuple(as_one(trial, findings, function, "stability", function.stable_cases) for function in functions)
