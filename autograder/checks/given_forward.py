"""Check: is a wrong backward right once the forward that it calls is right?

A backward may call the answer's own forward. Where that is wrong, its points are lost there, and the backward is asked
again: the name of forward then leads to the right values of the case, and to nothing else. What is right so has lost no
points of its own. The inputs are drawn anew for this question alone, so that the values which the answer sees here are
graded nowhere, and the process ends with it (docs/security.md).
"""

from __future__ import annotations

import inspect
from dataclasses import replace

from autograder.checks.judge import examine
from autograder.checks.trial import CaseResult, Trial
from autograder.checks.variant import arguments, forward_of, reference
from autograder.errors import Unrecorded
from autograder.implementation import Editable, Implementation
from autograder.numeric.compare import same
from autograder.numeric.sample import cost
from autograder.report.report import Finding
from autograder.spec.function import Case, Function

CALLS = "It calls your own "
"""Beginning of the message on an output that is right once the forward is right."""
_NAME = "_given_the_forward"
# Code added to the answer's text. given: forward's arguments by name; a call must give those in `needed`.
_CODE = """

def {name}(out, given, needed, args, options):
    import copy, numpy
    own = {forward}

    def equal(one, other):
        if isinstance(one, (list, tuple)):
            return len(one) == len(other) and all(map(equal, one, other))
        return numpy.array_equal(one, other)

    def right(*values, **named):
        asked = dict(zip(given, values), **named)
        known = set(needed) <= set(asked) <= set(given) and all(equal(asked[key], given[key]) for key in asked)
        return copy.deepcopy(out) if known else own(*values, **named)

    globals()[{forward!r}] = right
    try:
        return {backward}(*args, **options)
    finally:
        globals()[{forward!r}] = own
"""


def credit(trial: Trial, function: Function, findings: tuple[Finding, ...],
           mine: tuple[Finding, ...]) -> tuple[Finding, ...]:  # fmt: skip
    """Return the findings on a backward's outputs, in which those that are wrong because of the forward alone are
    passed, with a message that says so. findings: those on its forward."""
    forward = forward_of(trial.exercise, function)
    blamed = forward and any((f.function, f.check, f.status) == (forward.name, "values", "failed") for f in findings)
    failing = [finding for finding in mine if finding.status in ("failed", "error")]
    if not (forward and blamed and failing and isinstance(trial.implementation, Editable)):
        return mine
    try:
        right = _right_outputs(trial, function, forward, trial.implementation)
    except Unrecorded:
        return mine
    words = (f"{CALLS}{forward.name}, which is wrong. With the right values in its place {{}} is right and loses no "
             "points of its own.")  # fmt: skip
    return tuple(
        replace(f, status="passed", score=f.max_score, message=words.format(f.output), case=None, line=None, cell=None)
        if f in failing and f.output in right else f
        for f in mine
    )  # fmt: skip


def _right_outputs(trial: Trial, function: Function, forward: Function, answer: Editable) -> set[str]:
    """Return the backward's outputs that are right in every case when its forward is replaced by the right one."""
    cases = [case for case in function.cases if case.check not in function.points]
    if any(case.steps != 1 for case in cases):
        return set()
    asked = Trial(trial.variant.redrawn(1, function), trial.implementation, seconds=trial.seconds)
    code = _CODE.format(name=_NAME, forward=forward.name, backward=function.name)
    trial.renew()
    changed = answer.with_source(answer.source + code)
    seen = [_ask(asked, changed, function, forward, case) for case in cases]
    trial.renew()
    return {output for output in function.outputs if not any(examine(asked, item, output) for item in seen)}


def _ask(trial: Trial, changed: Implementation, function: Function, forward: Function, case: Case) -> CaseResult:
    call = trial.variant.calls(function, case)[0]
    given = {name: call.inputs[name] for name in (*forward.positional, *forward.keywords) if name in call.inputs}
    out = tuple(reference(forward, given).values())
    args, options = arguments(function, call.inputs)
    parameters = inspect.signature(forward.oracle).parameters  # a call must name all but those that have their default
    needed = [name for name, value in given.items() if not same(value, parameters[name].default)]
    values = (out[0] if len(out) == 1 else out, given, needed, args, options)
    return CaseResult.of_call(function, case, call,
                              changed.call(_NAME, values, {}, names=(), seconds=max(trial.seconds, function.seconds),
                                           expected=max(cost(call.inputs), cost(call.expected))))  # fmt: skip
