"""Does a right answer stay right where several entries are the largest? Such cases say `check="ties"`."""

from __future__ import annotations

from autograder.checks.trial import Trial
from autograder.checks.values import as_one
from autograder.report.report import Finding


def check(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """One finding per function that has points for it."""
    functions = [function for function in trial.exercise.functions if "ties" in function.points]
    return tuple(
        as_one(trial, findings, function, "ties", [case for case in function.cases if case.check == "ties"])
        for function in functions
    )
