"""Check: is the function there, can it be called as the exercise says, and is it more than the stub?"""

from __future__ import annotations

import re
from typing import Any

from autograder.checks.judge import explain
from autograder.checks.trial import Trial
from autograder.errors import nearest
from autograder.implementation import Editable, Outcome, Raised, Returned, Signature
from autograder.report.report import Finding
from autograder.spec.function import Function
from autograder.values import Unsupported

_DEFINITION = re.compile(r"^(def|class) ([A-Za-z]\w{0,60})\b", re.MULTILINE)


def check(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return one finding per function, worth no points: the other checks skip functions that fail it."""
    return tuple(_examine(trial, function) for function in trial.exercise.functions)


def ready(findings: tuple[Finding, ...], function: Function) -> bool:
    """Return whether the function's contract holds, so that its other checks can run."""
    return all(f.status == "passed" for f in findings if f.check == "contract" and f.function == function.name)


def is_stub(outcome: Outcome) -> bool:
    """Return whether a call ended in one of the forms of "not written yet" that students hand in."""
    match outcome:
        case Raised(kind="NotImplementedError"):
            return True
        case Raised(kind="TypeError", message=message):
            return "exceptions must derive from BaseException" in message
        case Raised(kind="Exception" | "AssertionError", message=message):
            return not message or bool(re.search(r"not.?implemented|todo|implement|your code", message, re.IGNORECASE))
        case Returned(value=value):
            return _is_nothing(value)
    return False


def _is_nothing(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return bool(value) and all(map(_is_nothing, value))
    return value is None or (isinstance(value, Unsupported) and value.kind in ("NotImplementedType", "ellipsis"))


def _examine(trial: Trial, function: Function) -> Finding:
    described = trial.describe(function.name)
    if not isinstance(described, Signature):
        problem = explain(function, described)
        missing = getattr(described, "reason", None) == "missing"
        status = "skipped" if missing else problem.status
        words = f"{problem.text}{_near_name(trial, function) if missing else ''}"
        return Finding("contract", function.name, status, message=words, line=problem.line, cell=problem.cell)
    outcomes = [seen.outcome for seen in trial.case_results(function)]
    forgotten = not described.empty and any(isinstance(seen, Returned) and seen.value is None for seen in outcomes)
    if outcomes and all(map(is_stub, outcomes)) and not forgotten:
        words = f"{function.name} is not written yet."
        if isinstance(outcomes[0], Returned):
            outputs = ", ".join(function.outputs)
            words = f"{function.name} returns nothing yet: write it, and end with `return {outputs}`."
        elif trial.exercise.planted:
            words = (f"{function.name} is not repaired yet. When you begin, delete its line that raises "
                     "NotImplementedError.")  # fmt: skip
        return Finding("contract", function.name, "skipped", message=words)
    wrong = mismatch(function, described)
    return Finding("contract", function.name, "failed" if wrong else "passed", message=wrong)


def _near_name(trial: Trial, function: Function) -> str:
    """Return a sentence about the only function or class that the missing one may be; "" for none or several."""
    text = trial.implementation.source if isinstance(trial.implementation, Editable) else ""
    asked = {other.name for other in trial.exercise.functions}
    ending = function.name.rpartition("_")[2]
    defined = [(word, name) for word, name in _DEFINITION.findall(text) if name not in asked]
    near = [name for word, name in defined if word == "def" and name.endswith(f"_{ending}")]
    near = near or nearest(function.name, [name for _, name in defined], 2, 0.75)
    near = near or [name for word, name in defined if word == "class" and name.lower() in function.name]
    return f" Is {near[0]} meant to be it?" if len(near) == 1 else ""


def mismatch(function: Function, found: Signature) -> str:
    """Return a sentence on how the student's signature differs from the expected one; "" when every call can bind."""
    positional = found.any_positional or len(found.positional) >= len(function.positional)
    keyword = found.any_keyword or set(function.keywords) <= set(found.keyword)
    filled = found.positional[: len(function.positional)]
    twice = set(filled) & set(function.keywords) & set(found.keyword)
    if positional and keyword and not twice and set(found.required) <= {*filled, *function.keywords}:
        return ""
    only = [name for name in found.keyword if name not in found.positional]
    star = ["*args"] if found.any_positional else ["*"] if only else []
    takes = [*found.positional, *star, *only, *(["**kwargs"] if found.any_keyword else [])]
    expected = [*function.positional, *(["*", *function.keywords] if function.keywords else [])]
    return f"{function.name} takes ({', '.join(takes)}), expected ({', '.join(expected)})."
