"""Check which step of a long function is the first wrong one, where a student defines `<function>_steps`.

`<function>_steps` takes the function's arguments and returns a dict of any steps that the exercise names. Worth no
points, and only looked at while the function itself is wrong: it tells where to look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from autograder.checks.contract import ready
from autograder.checks.judge import explain
from autograder.checks.trial import Trial
from autograder.checks.values import earned
from autograder.checks.variant import Variant, arguments, invoke
from autograder.implementation import Absent, Returned
from autograder.numeric.compare import Difference, compare, show
from autograder.report.report import Finding
from autograder.spec.exercise import Inputs, Outputs
from autograder.spec.function import Case, Function


def check(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return a finding for each returned step up to the first wrong one, for each function that is wrong."""
    wrong = [f for f in trial.exercise.functions if f.steps and ready(findings, f) and not earned(findings, f)]
    return tuple(finding for function in wrong for finding in _examine(trial, function))


def expected_steps(variant: Variant, function: Function, case: Case, inputs: Inputs) -> Outputs:
    """Return the intermediate results of the reference on this case, computed once per variant."""
    steps, (args, options) = function.steps, arguments(function, inputs)
    assert steps is not None
    with np.errstate(all="ignore"):
        return variant.once(f"{steps.__name__} {case.name}", lambda: dict(steps(*args, **options)))


def _examine(trial: Trial, function: Function) -> list[Finding]:
    assert function.steps is not None
    helper = replace(function, oracle=function.steps)
    if isinstance(trial.describe(helper.name), Absent):
        return []
    wrong: dict[str, tuple[Case, Difference]] = {}
    names: list[str] = []
    for case in (case for case in trial.ordered(function) if case.steps == 1):
        inputs = trial.variant.calls(function, case)[0].inputs
        expected = expected_steps(trial.variant, function, case, inputs)
        seconds = max(trial.seconds, function.seconds)
        outcome = invoke(trial.implementation, helper, inputs, seconds, watch=False, expected=expected)
        got = outcome.value if isinstance(outcome, Returned) else None
        if not isinstance(got, Mapping):
            problem, shows = explain(helper, outcome), trial.shows(case)
            message = problem.text if shows else problem.plain
            if isinstance(outcome, Returned):
                words = show(outcome.value) if shows else "something else"
                message = f"{helper.name} returns {words}, expected a dict with any of {', '.join(expected)}."
            found = Finding("steps", helper.name, problem.status, message=message)
            return [replace(found, line=problem.line, cell=problem.cell)]
        names = [name for name in expected if name in got]
        if not names:
            message = f"{helper.name} returns none of the steps that can be checked: {', '.join(expected)}."
            return [Finding("steps", helper.name, "failed", message=message)]
        for name in names:
            if difference := compare(name, got[name], expected[name], 1e-8, 1e-11):
                wrong.setdefault(name, (case, difference))
    return _findings(trial, helper, names, wrong)


def _findings(trial: Trial, helper: Function, names: list[str],
              wrong: Mapping[str, tuple[Case, Difference]]) -> list[Finding]:  # fmt: skip
    """Return findings on the steps up to the first wrong one; later steps may be wrong because of it alone."""
    first = next((name for name in names if name in wrong), None)
    before = names if first is None else names[: names.index(first)]
    found = [Finding("steps", helper.name, "passed", name) for name in before]
    if first is None:
        words = f"All steps that {helper.name} returns are right: look at what comes after {names[-1]}."
        return [*found[:-1], replace(found[-1], message=words)]
    case, difference = wrong[first]
    text = difference.text if trial.shows(case) else difference.plain
    message = f"{first} is the first step that is wrong. {text} Case “{case.name}”."
    return [*found, Finding("steps", helper.name, "failed", first, message=message, case=case.name)]
