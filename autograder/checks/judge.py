"""Judge one output over all cases of its function: one Finding, worded after the first case that fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.checks.trial import CaseResult, Trial
from autograder.errors import Unrecorded
from autograder.implementation import Absent, Outcome, Raised, Returned, Signature, Stopped
from autograder.numeric.compare import Difference, compare, same, show
from autograder.numeric.sample import thinned
from autograder.report.report import Finding, Status
from autograder.spec.function import Accept, Free, Function
from autograder.spec.judges import Judge


@dataclass(frozen=True)
class OutputProblem:
    """Reason why an output is not right in one case. text: with numbers; plain: fixed words, for hidden cases."""

    status: Status
    text: str
    plain: str
    line: int | None = None
    cell: int | None = None


def judge(trial: Trial, function: Function, output: str, check: str, points: float, seen: list[CaseResult]) -> Finding:
    """Return the finding on one output, which earns `points` only if it is right in every case of `seen`."""
    found = [(item, problem) for item in seen if (problem := examine(trial, item, output))]
    problems = [(item, problem) for item, problem in found if problem.status != "skipped"] or found
    drawn = problems[0][0] if problems else seen[0]
    told = drawn.outputs if output == function.curve and trial.shows(drawn.case) else None
    curve = thinned(told[: drawn.case.steps][-1][output]) if told else ()
    series = {output: curve} if curve else {}
    if not problems:
        return Finding(check, function.name, "passed", output, points, points, series=series)
    first, problem = problems[0]
    failing = 0 if problem.status == "skipped" or len(seen) == 1 else len(problems)
    more = f" ({failing} of {len(seen)} cases fail)" if failing else ""
    message = f"{problem.text if trial.shows(first.case) else problem.plain} Case “{first.case.name}”{more}."
    return Finding(check, function.name, problem.status, output, 0.0, points, message, case=first.case.name,
                   series=series, line=problem.line, cell=problem.cell)  # fmt: skip


def examine(trial: Trial, seen: CaseResult, output: str) -> OutputProblem | None:
    """Return what is wrong with an output in the case of `seen`; None when it is right."""
    if seen.outputs is None:
        return explain(seen.function, seen.outcome)
    accept = seen.case.accept.get(output)
    rtol, atol = trial.exercise.tolerance.rtol, trial.exercise.tolerance.atol
    for step, (outputs, call) in enumerate(zip(seen.outputs, seen.calls, strict=False), 1):
        got, expected = outputs[output], call.expected[output]
        where = f" after step {step}" if seen.case.steps > 1 else ""
        if got is None and len(outputs) == 1 and expected is not None:
            return explain(seen.function, Returned(None))
        try:
            if isinstance(accept, Free):
                again = {"again": seen.outputs[1]} if accept.again and len(seen.outputs) > 1 else {}
                difference = _doubt(accept.judge(call.inputs | outputs | again, got), None)
            else:
                difference = compare(output, got, expected, rtol, atol, where)
                if difference and accept and difference.kind == "values":
                    difference = _doubt(accept(call.inputs, got), f"{output} has wrong values.")
        except Unrecorded:
            text = f"{output}: more than one answer is right here, and yours is judged when it is graded."
            return OutputProblem("skipped", text, text)
        if difference:
            return OutputProblem("failed", difference.text, difference.plain)
        if isinstance(accept, Free) and seen.case.steps == 1:
            break  # the second call is only data for judging the first
    if len(seen.outputs) < len(seen.calls):
        text = f"{output} has no step {len(seen.outputs) + 1}: what was returned cannot be an input again."
        return OutputProblem("failed", text, text)
    if len(seen.calls) > seen.case.steps and accept and not isinstance(accept, Free):
        text = _not_drawn(output, accept, seen.inputs, [outputs[output] for outputs in seen.outputs])
        return OutputProblem("failed", text, text) if text else None
    return None


def _not_drawn(output: str, accept: Accept, inputs: Mapping[str, Any], draws: list[Any]) -> str:
    """Return why an output is not drawn from rng, or "". draws: two outputs for one seed, then some for other seeds."""
    first, again, *others = draws
    if not same(again, first):
        return f"{output} differs between two calls with the same rng state: take all random numbers from rng."
    if any(same(other, first) for other in others):
        return f"{output} is the same with another seed of rng: take all random numbers from rng, anew in every call."
    reason = accept.call_many(inputs, [first, *others]) if isinstance(accept, Judge) else None
    return f"{output}: {reason}." if reason else ""


def _doubt(reason: str | None, plain: str | None) -> Difference | None:
    """Return a judge's reason as a Difference; None for no reason. plain: fixed words for hidden cases."""
    return Difference("values", f"{reason}.", plain or f"{reason}.") if reason else None


def explain(function: Function, outcome: Outcome | Signature) -> OutputProblem:
    """Return a sentence on a call that gave no usable outputs, as a problem with its status and line."""
    name = function.name
    match outcome:
        case Returned(value=value):
            wanted = ", ".join(function.outputs)
            if value is None:
                text = f"{name} returns None: is `return {wanted}` missing?"
                return OutputProblem("failed", text, text)
            text = f"{name} returns {show(value)}, expected ({wanted})."
            return OutputProblem("failed", text, f"{name} does not return ({wanted}).")
        case Raised(missing=str(module), line=line, cell=cell):
            place = _where(line, cell)
            text = f"{name} needs {module}, which is not available here{place}. Use NumPy alone."
            return OutputProblem("error", text, f"{name} needs a module that is not available here{place}.", line, cell)
        case Raised(kind=kind, message=message, line=line, cell=cell):
            place, modern = _where(line, cell), ""
            if "module 'numpy' has no attribute" in message or "removed in the NumPy 2" in message:
                old = (name for name in _REMOVED if f"'{name}'" in message or f"np.{name}`" in message)
                modern = next((f" NumPy 2 has no np.{name}; use {_REMOVED[name]}." for name in old), "")
            words = message.strip().partition("\n")[0].rstrip()
            quote = f": {words}{'' if words.endswith(('.', '!', '?')) else '.'}" if words else "."
            text = f"{name} raises {kind}{place}{quote}{modern}"
            return OutputProblem("error", text, f"{name} raises {kind}{place}.{modern}", line, cell)
        case Stopped(reason=reason):
            text = f"{name} {_STOPPED[reason]}."
            return OutputProblem("error", text, text)
        case Absent(reason=reason, detail=detail, line=line, cell=cell):
            place = f"{detail}{_where(line, cell)}"
            text = {"missing": f"{name} is not defined. Define it with exactly this name.",
                    "syntax": f"{name} cannot be read: {place}. The other functions were graded.",
                    }.get(reason, f"{name} is not a function: {place}.")  # fmt: skip
            return OutputProblem("error", text, f"{name} is not there to be called.", line, cell)
        case Signature():
            raise TypeError(f"{name} is there")


_STOPPED = {
    "time": "did not finish in the time allowed and was stopped: look for a loop that never ends",
    "total": "was not called to the end: all calls of this answer took more time together than is allowed",
    "memory": "ran out of memory: look for an array whose shape grows",
    "crash": "ended the Python process: remove exit calls and low-level tricks",
    "output": "prints without end and was stopped: remove the print in the loop",
    "protocol": "wrote to the grader's own channel: leave open files of the process alone",
}

# Names that NumPy 2 removed, and their replacements.
_REMOVED = {
    "product": "np.prod", "cumproduct": "np.cumprod", "alltrue": "np.all", "sometrue": "np.any", "Inf": "np.inf",
    "NaN": "np.nan", "float_": "np.float64", "in1d": "np.isin", "row_stack": "np.vstack", "trapz": "np.trapezoid",
    "float": "float", "int": "int", "bool": "bool", "object": "object", "asfarray": "np.asarray",
}  # fmt: skip


def _where(line: int | None, cell: int | None) -> str:
    if line and cell:
        return f" in cell {cell}, line {line}"
    return f" at line {line}" if line else ""
