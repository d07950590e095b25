"""Does the function leave its arguments alone?

Whether an argument changed is the worker's own word. Lying about it takes more than a copy would, so it may earn the
half point it is worth; no other check trusts the worker with a fact.
"""

from __future__ import annotations

from autograder.checks.contract import ready
from autograder.checks.trial import Trial
from autograder.report.report import Finding
from autograder.spec.function import Function


def check(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """One finding per function that has points for it; an answer that earned nothing earns nothing here."""
    functions = [function for function in trial.exercise.functions if "purity" in function.points]
    return tuple(_examine(trial, findings, function) for function in functions)


def _examine(trial: Trial, findings: tuple[Finding, ...], function: Function) -> Finding:
    points = function.points["purity"]
    if not ready(findings, function):
        return Finding("purity", function.name, "skipped", max_score=points)
    impure = [seen for seen in trial.case_results(function) if seen.changed]
    if impure:
        message = change_words(function, impure[0].changed)
        return Finding("purity", function.name, "failed", None, 0.0, points, message, case=impure[0].case.name)
    if not any(f.score for f in findings if f.function == function.name):
        return Finding("purity", function.name, "skipped", max_score=points)
    return Finding("purity", function.name, "passed", None, points, points)


def change_words(function: Function, changed: tuple[str, ...]) -> str:
    """The message on arguments that a function has changed."""
    names = " and ".join(changed)
    s, are = ("s", "s are") if len(changed) > 1 else ("", " is")
    return (
        f"{function.name} changes its argument{s} {names} in place, so the caller's array{are} different afterwards. "
        f"Make a new array instead: start from a copy, or write an expression without `=` into {names}."
    )
