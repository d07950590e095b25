"""The smallest failing input among the small inputs of the spec, as an Example to show.

The small inputs are public and the same for everybody, so that they reveal nothing of hidden cases. They are tried in
growing batches of calls.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder import values
from autograder.checks.judge import examine
from autograder.checks.trial import CaseResult, Trial
from autograder.checks.variant import arguments, draw_inputs, reference
from autograder.implementation import Implementation, Outcome, Request, RequestBatch, Returned, Stopped
from autograder.numeric.compare import Difference, compare, wrong_entries
from autograder.numeric.derivative import leaves_of
from autograder.numeric.sample import cost
from autograder.report.report import Array, Example, Finding
from autograder.spec.exercise import Call
from autograder.spec.function import Case, Free, Function, Tolerance
from autograder.spec.small import Small
from autograder.values import Code, Rng

Place = tuple[str, Any, Any]
"""A part of an output: its name as Python writes it, the returned value, and the expected value."""

MAX_SHOWN = 400
"""Most entries of an array that is shown in full; of a larger one, the shape is shown."""


@dataclass(frozen=True)
class FailingExample:
    """An example of a failure, with the kind of the failure."""

    kind: str
    """The kind of the failure: values, shape, dtype, nonfinite, Raised IndexError, …"""
    example: Example
    """The inputs, and the part of the output that differs."""

    @property
    def size(self) -> int:
        """Return the number of entries in all input arrays."""
        return sum(len(value.values) for value in self.example.inputs.values() if isinstance(value, Array))


def failing_example(trial: Trial, result: CaseResult, output: str) -> FailingExample | None:
    """Return the example of a wrong output; None where it is right, or where no numbers can show the failure: the
    expected output is random, judged by its properties, or too large."""
    problem = examine(trial, result, output)
    if problem is None or problem.status == "skipped" or isinstance(result.case.accept.get(output), Free):
        return None
    tolerance = trial.exercise.tolerance
    if result.outputs is None:
        name, expected = next(leaves_of(result.calls[0].expected[output], output), (output, None))
        ended = getattr(result.outcome, "kind", getattr(result.outcome, "reason", ""))
        failure = Difference(f"{type(result.outcome).__name__} {ended}", problem.text, "")
        return _example(result, 0, (name, None, expected), failure, tolerance)
    for step, (outputs, call) in enumerate(zip(result.outputs, result.calls, strict=False)):
        if found := _first_difference(output, outputs[output], call.expected[output], tolerance):
            return _example(result, step, *found, tolerance)
    return None


def _example(result: CaseResult, step: int, place: Place, failure: Difference,
             tolerance: Tolerance) -> FailingExample | None:  # fmt: skip
    (name, got, want), kind = place, failure.kind
    expected, yours = to_array(want), to_array(got)
    drawn = any(isinstance(value, Rng) for value in result.inputs.values()) and kind == "values"
    if expected is None or len(expected.values) > MAX_SHOWN or drawn:
        return None
    if yours is not None and len(yours.values) > MAX_SHOWN:
        yours = None
    shown = {name: to_input(value) for name, value in result.inputs.items()}
    case = result.case.name + (f", after {step + 1} calls in a row" if step else "")
    wrong: tuple[int, ...] = ()
    if yours is not None and yours.shape == expected.shape:
        entries = wrong_entries(np.asarray(got), np.asarray(want), tolerance.rtol, tolerance.atol)
        wrong = tuple(np.flatnonzero(entries).tolist())
    outcome = "" if yours is not None and kind in ("values", "nonfinite") else failure.text
    return FailingExample(kind, Example(case, name, shown, expected, yours, outcome, wrong))


def _first_difference(name: str, got: Any, expected: Any, tolerance: Tolerance) -> tuple[Place, Difference] | None:
    """Return the first part that differs and how; None where all are equal."""
    difference = compare(name, got, expected, tolerance.rtol, tolerance.atol)
    if difference is None:
        return None
    alike = type(got) is type(expected) or (isinstance(got, list | tuple) and isinstance(expected, list | tuple))
    pieces = _items(got) if alike else {}
    for key, item in _items(expected).items():
        if key in pieces and (found := _first_difference(f"{name}[{key!r}]", pieces[key], item, tolerance)):
            return found
    whole, value = next(leaves_of(expected, name), (name, None))
    return (whole, got if whole == name else None, value), difference


def _items(value: Any) -> Mapping[Any, Any]:
    """Return a dict, or the entries of a list by index; {} for anything else."""
    return value if isinstance(value, Mapping) else dict(enumerate(value)) if isinstance(value, list | tuple) else {}


def to_array(value: Any) -> Array | None:
    """Convert a number or an array to the report's Array; None for any other value."""
    if isinstance(value, bool | int | float | np.generic | np.ndarray):
        numbers = np.asarray(value)
        if numbers.dtype.kind in "fiub":
            entries = map(float, numbers.ravel())
            return Array(numbers.shape, tuple(entry if math.isfinite(entry) else str(entry) for entry in entries))
    return None


def to_input(value: Any) -> Array | str:
    """Convert an argument: a float64 array in C order to an Array, any other value to a Python expression for it."""
    if isinstance(value, np.ndarray) and value.size > MAX_SHOWN:
        return f"an array of shape {value.shape}"
    plain = isinstance(value, np.ndarray) and value.dtype == np.float64 and value.flags.c_contiguous
    return (to_array(value) if plain else None) or _text(value)


def _text(value: Any) -> str:
    if isinstance(value, Rng):
        return f"np.random.default_rng({value.seed})"
    if isinstance(value, Code):
        return "\n".join(line for line in value.source.split("\n") if line and line != "import numpy as np")
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {_text(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, np.ndarray):
        if value.dtype.kind != "f":
            return f"np.array({value.tolist()})"
        text = values.array(value.shape, value.ravel().tolist())
        return text if value.flags.c_contiguous else f"np.asfortranarray({text})"
    return values.number(value, 9) if isinstance(value, float) else repr(value)


BATCH_SIZES = (16, 48, 144)
"""Cases of each batch; a last batch holds the rest."""
# Seconds of CPU time for a batch; for one separate call, and for all of them, where a batch does not end in time; and
# what a call costs that reports none.
BATCH_SECONDS, CALL_SECONDS, SEPARATE_SECONDS, UNREPORTED_SECONDS = 0.3, 0.1, 1.0, 0.002


@dataclass(frozen=True)
class CaseBatch:
    """Small cases of one function with their calls, and the request that makes all of them."""

    calls: tuple[tuple[Case, Call], ...]
    request_batch: RequestBatch


def smallest_failure(trial: Trial, finding: Finding) -> Example | None:
    """Return the smallest failing input; None where numbers cannot show the failure, or where the case is hidden."""
    function = trial.exercise.function(finding.function)
    cases = {case.name: case for case in (*function.cases, *function.stable_cases)}
    case = cases.get(finding.case or "")
    if case is None or not trial.shows(case):
        return None
    seen = trial.call_case(function, case)
    for output in (finding.output,) if finding.output else function.outputs:
        if original := failing_example(trial, seen, output):
            found = _search(trial, function, output, original)
            return (original if found is None or original.size < found.size else found).example
    return None


def _search(trial: Trial, function: Function, output: str, original: FailingExample) -> FailingExample | None:
    """Return the smallest example with the same kind of failure; else the smallest with any failure."""
    any_failure: FailingExample | None = None
    for number, batch in enumerate(case_batches(function, trial.exercise.small.get(function.name, ()))):
        seen = trial.once(f"small {function.name} {number}", partial(_run_batch, trial, function, batch))
        for item in seen:
            found = failing_example(trial, item, output)
            if found and found.kind == original.kind:
                return found
            any_failure = any_failure or found
        if len(seen) < len(batch.calls):
            break
    return any_failure


def case_batches(function: Function, families: tuple[Small, ...]) -> Iterator[CaseBatch]:
    """Yield the small cases of a function in batches, the smallest first; each batch is made once, when needed."""
    if not families:
        return
    memo = families[0].memo
    members = sorted((member for family in families for member in family.members), key=lambda member: member.weight)
    start = 0
    for number, size in enumerate((*BATCH_SIZES, len(members))):
        part = members[start : start + size]
        start += size
        if part:
            key = f"{function.name} {number}"
            if key not in memo:
                calls = tuple((member.case, small_call(function, member.case)) for member in part)
                memo[key] = CaseBatch(calls, RequestBatch(tuple(
                    Request(function.name, *arguments(function, item.inputs),
                            expected=max(cost(item.inputs), cost(item.expected))) for _, item in calls)))  # fmt: skip
            yield memo[key]


def small_call(function: Function, case: Case) -> Call:
    """Return the inputs of a small case, which never vary, with the expected outputs."""
    inputs = draw_inputs(function, case, np.random.default_rng(zlib.crc32(case.name.encode())))
    return Call(inputs, reference(function, inputs))


def _run_batch(trial: Trial, function: Function, batch: CaseBatch) -> list[CaseResult]:
    """Return the results of the calls that are completed in time; a function that was stopped is called separately."""
    code, ended = trial.implementation, function.name in trial.stopped
    outcomes = (None if ended else code.call_many(batch.request_batch, BATCH_SECONDS)) or _run_separately(code, batch)
    pairs = zip(batch.calls, outcomes, strict=False)
    return [CaseResult.of_call(function, case, item, outcome) for (case, item), outcome in pairs]  # type: ignore[arg-type]


def _run_separately(implementation: Implementation, batch: CaseBatch) -> Iterator[Outcome]:
    """Make the calls separately, until one is stopped or the time is used up."""
    left = SEPARATE_SECONDS
    for request in batch.request_batch.requests:
        outcome = implementation.call(request.function, request.args or (), request.kwargs, names=(),
                                      seconds=CALL_SECONDS, expected=request.expected)  # fmt: skip
        yield outcome
        left -= outcome.cpu if isinstance(outcome, Returned) else UNREPORTED_SECONDS
        if isinstance(outcome, Stopped) or left <= 0:
            return
