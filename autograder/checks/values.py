"""Check the values of forwards, losses and plain functions; where several entries are the largest (ties), or the naive
formula overflows (stability); and whether arguments stay unchanged (purity)."""

from __future__ import annotations

from dataclasses import replace

from autograder.checks.contract import ready
from autograder.checks.judge import judge
from autograder.checks.trial import Trial
from autograder.report.report import Finding
from autograder.spec.function import Function


def check(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return one finding per output of every function that is graded by its values."""
    functions = [function for function in trial.exercise.functions if function.kind == "values"]
    return tuple(finding for function in functions for finding in outputs(trial, function, findings, "values"))


def outputs(trial: Trial, function: Function, findings: tuple[Finding, ...], check: str) -> list[Finding]:
    """Return one finding per output of a function; skipped when the function has failed the contract."""
    if not ready(findings, function):
        return [Finding(check, function.name, "skipped", o, 0.0, points) for o, points in function.outputs.items()]
    seen = [result for result in trial.case_results(function) if result.case.check not in function.points]
    return [judge(trial, function, output, check, points, seen) for output, points in function.outputs.items()]


def earned(findings: tuple[Finding, ...], function: Function) -> bool:
    """Return whether all outputs of the function are right, as points for speed and stability require. An output with a
    message is right only if another forward is given."""
    mine = [f for f in findings if f.function == function.name and f.check in ("values", "gradient")]
    return bool(mine) and all(finding.status == "passed" and not finding.message for finding in mine)


def ties(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return one finding per function that has points for ties, judged in its cases with `check="ties"`."""
    return tuple(_as_one(trial, findings, function, "ties") for function in trial.exercise.functions
                 if "ties" in function.points)  # fmt: skip


def stability(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return one finding per function that has points for numerical stability, judged in its stable cases."""
    return tuple(_as_one(trial, findings, function, "stability") for function in trial.exercise.functions
                 if "stability" in function.points)  # fmt: skip


def _as_one(trial: Trial, findings: tuple[Finding, ...], function: Function, check: str) -> Finding:
    """Return one finding on all outputs of a function together, in the cases of `check`; skipped where an output is
    wrong in the ordinary cases."""
    points = function.points[check]
    if not earned(findings, function):
        return Finding(check, function.name, "skipped", max_score=points)
    cases = function.stable_cases if check == "stability" else [c for c in function.cases if c.check == check]
    seen = [trial.call_case(function, case) for case in cases]
    verdicts = [judge(trial, function, output, check, points, seen) for output in function.outputs]
    return replace(next((finding for finding in verdicts if finding.status != "passed"), verdicts[0]), output=None)


def purity(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return one finding per function with points for leaving its arguments unchanged; an answer that earned no other
    points earns none here.

    Whether an argument changed is reported by the worker, and student code could forge the report. That takes more
    work than copying the argument, for half a point; no other check relies on what the worker reports.
    """
    return tuple(_pure(trial, findings, f) for f in trial.exercise.functions if "purity" in f.points)


def _pure(trial: Trial, findings: tuple[Finding, ...], function: Function) -> Finding:
    points = function.points["purity"]
    impure = [seen for seen in trial.case_results(function) if seen.changed] if ready(findings, function) else []
    if impure:
        message = change_words(function, impure[0].changed)
        return Finding("purity", function.name, "failed", None, 0.0, points, message, case=impure[0].case.name)
    if not any(f.score for f in findings if f.function == function.name):
        return Finding("purity", function.name, "skipped", max_score=points)
    return Finding("purity", function.name, "passed", None, points, points)


def change_words(function: Function, changed: tuple[str, ...]) -> str:
    """Return the message on the arguments that a function has changed."""
    names = " and ".join(changed)
    s, are = ("s", "s are") if len(changed) > 1 else ("", " is")
    return (f"{function.name} changes its argument{s} {names} in place, so the caller's array{are} different "
            f"afterwards. Make a new array instead: start from a copy, or write an expression without `=` into {names}."
            )  # fmt: skip
