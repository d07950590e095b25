"""Does a right answer stay right where the naive formula overflows?"""

from __future__ import annotations

from autograder.checks.trial import Trial
from autograder.checks.values import as_one
from autograder.implementation import Returned
from autograder.report.report import Finding
from autograder.spec.function import Function


def check(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """One finding per function that has points for it."""
    functions = [function for function in trial.exercise.functions if "stability" in function.points]
    return tuple(_examine(trial, findings, function) for function in functions)


def _examine(trial: Trial, findings: tuple[Finding, ...], function: Function) -> Finding:
    found = as_one(trial, findings, function, "stability", function.stable_cases)
    seen = [trial.call_case(function, case) for case in function.stable_cases] if found.status == "passed" else []
    if function.quiet and any(_warned(item.outcome) for item in seen):
        message = f"{function.name} gives the right values but prints a warning: avoid the overflow, don't hide it."
        return Finding("stability", function.name, "failed", None, 0.0, found.max_score, message)
    return found


def _warned(outcome: object) -> bool:
    return isinstance(outcome, Returned) and outcome.warned
