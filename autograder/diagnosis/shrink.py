"""Search for the smallest failing input among the small inputs of the spec, in growing batches of calls.

The small inputs are public and the same for everybody, so that they reveal nothing of hidden cases.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from autograder.checks.trial import CaseResult, Trial
from autograder.checks.variant import Call, arguments, draw_inputs, name_outputs, reference
from autograder.diagnosis.example import FailingExample, failing_example
from autograder.implementation import Implementation, Outcome, Request, RequestBatch, Returned, Stopped
from autograder.numeric.sample import cost
from autograder.report.report import Example, Finding
from autograder.spec.function import Case, Function
from autograder.spec.small import Small

# Cases of each batch; a last batch holds the rest.
BATCH_SIZES = (16, 48, 144)

# Seconds of CPU time for a batch, and for separate calls in all where a batch does not end in time.
BATCH_SECONDS, SEPARATE_SECONDS = 0.3, 1.0
# Seconds for one separate call, and the cost of a call that reports none.
CALL_SECONDS, UNREPORTED_SECONDS = 0.1, 0.002


@dataclass(frozen=True)
class CaseBatch:
    """Small cases of one function with their calls, and the request that makes all of them."""

    calls: tuple[tuple[Case, Call], ...]
    request_batch: RequestBatch


def smallest_failure(trial: Trial, finding: Finding) -> Example | None:
    """Return the smallest input on which the finding's output fails; None where numbers cannot show the failure, or
    where the case is hidden."""
    function = trial.exercise.function(finding.function)
    cases = {case.name: case for case in (*function.cases, *function.stable_cases)}
    case = cases.get(finding.case or "")
    if case is None or not trial.shows(case):
        return None
    original, output = _original(trial, function, case, finding.output)
    if original is None:
        return None
    found = _search(trial, function, output, original)
    return (original if found is None or original.size < found.size else found).example


def _original(trial: Trial, function: Function, case: Case, output: str | None) -> tuple[FailingExample | None, str]:
    """Return the failing example of the finding's own case, and the output that fails."""
    seen = trial.call_case(function, case)
    for name in (output,) if output else function.outputs:
        if found := failing_example(trial, seen, name):
            return found, name
    return None, ""


def _search(trial: Trial, function: Function, output: str, original: FailingExample) -> FailingExample | None:
    """Return the smallest example with the same kind of failure; else the smallest with any failure."""
    any_failure: FailingExample | None = None
    for number, batch in enumerate(case_batches(function, trial.exercise.small.get(function.name, ()))):
        seen = trial.once(f"small {function.name} {number}", partial(_run_batch, trial.implementation, function, batch))
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
                memo[key] = _make_batch(function, [member.case for member in part])
            yield memo[key]


def small_call(function: Function, case: Case) -> Call:
    """Return the inputs of a small case, which never vary, with the expected outputs."""
    inputs = draw_inputs(function, case, np.random.default_rng(zlib.crc32(case.name.encode())))
    return Call(inputs, reference(function, inputs))


def _make_batch(function: Function, cases: list[Case]) -> CaseBatch:
    calls = tuple((case, small_call(function, case)) for case in cases)
    requests = tuple(
        Request(function.name, *arguments(function, item.inputs), expected=max(cost(item.inputs), cost(item.expected)))
        for _, item in calls
    )
    return CaseBatch(calls, RequestBatch(requests))


def _run_batch(implementation: Implementation, function: Function, batch: CaseBatch) -> list[CaseResult]:
    """Return the results of the calls that the implementation completes in time."""
    answers = implementation.call_many(batch.request_batch, BATCH_SECONDS)
    outcomes = iter(answers) if answers is not None else _run_separately(implementation, batch)
    pairs = zip(batch.calls, outcomes, strict=False)
    return [case_result(function, case, item, outcome) for (case, item), outcome in pairs]  # type: ignore[arg-type]


def _run_separately(implementation: Implementation, batch: CaseBatch) -> Iterator[Outcome]:
    """Make the calls separately, until one is stopped or the time is used up."""
    left = SEPARATE_SECONDS
    for request in batch.request_batch.requests:
        outcome = implementation.call(
            request.function, request.args or (), request.kwargs,
            names=(), seconds=CALL_SECONDS, expected=request.expected,
        )  # fmt: skip
        yield outcome
        left -= max(outcome.cpu, UNREPORTED_SECONDS / 10) if isinstance(outcome, Returned) else UNREPORTED_SECONDS
        if isinstance(outcome, Stopped) or left <= 0:
            return


def case_result(function: Function, case: Case, item: Call, outcome: Outcome) -> CaseResult:
    """Return the result of a small case with its named outputs."""
    named = name_outputs(function, outcome)
    return CaseResult(function, case, (item,), outcome, None if named is None else (named,))
