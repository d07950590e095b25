"""Does a right answer stay right where the naive formula overflows?"""

from __future__ import annotations

from dataclasses import replace

from autograder.checks.judge import judge
from autograder.checks.trial import Trial
from autograder.checks.values import earned
from autograder.report.report import Finding
from autograder.spec.function import Function


def check(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """One finding per function that has points for it."""
    functions = [function for function in trial.exercise.functions if "stability" in function.points]
    return tuple(_examine(trial, findings, function) for function in functions)


def _examine(trial: Trial, findings: tuple[Finding, ...], function: Function) -> Finding:
    points = function.points["stability"]
    if not earned(findings, function):
        return Finding("stability", function.name, "skipped", max_score=points)
    seen = [trial.call_case(function, case) for case in function.stable_cases]
    verdicts = [judge(trial, function, output, "stability", points, seen) for output in function.outputs]
    worst = next((finding for finding in verdicts if finding.status != "passed"), verdicts[0])
    return replace(worst, output=None)
