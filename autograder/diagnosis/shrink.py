"""The smallest failing case: the spec's small inputs, from the smallest on, until one fails as the finding does.

A right answer is never asked. A wrong one costs few journeys: the inputs travel in growing packs, and the first pack
with a failure ends the search. They are public and the same for everybody, so nothing hidden is told by them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from autograder.checks.trial import CaseResult, Trial
from autograder.checks.variant import Call, arguments, draw_inputs, name_outputs, reference
from autograder.diagnosis.example import FailingExample, failure
from autograder.implementation import Implementation, Outcome, Request, RequestBatch, Returned, Stopped
from autograder.report.report import Example, Finding
from autograder.spec.function import Case, Function
from autograder.spec.small import Small

# Cases a journey; the last takes the rest.
PACKS = (16, 48, 144)

# Seconds of CPU time for a journey, and for what is asked call by call where a journey does not end.
JOURNEY, ALONE = 0.3, 1.0
# Of one call alone, and what a call is taken to cost when nobody tells.
CALL, UNKNOWN = 0.1, 0.002


@dataclass(frozen=True)
class Pack:
    """Small cases of one function with their questions, and the one request that asks them all."""

    calls: tuple[tuple[Case, Call], ...]
    request_batch: RequestBatch


def smallest(trial: Trial, finding: Finding) -> Example | None:
    """The smallest input on which the finding's output still fails. None where nothing failed that numbers show, or
    where the case is hidden and may not be shown."""
    function = trial.exercise.function(finding.function)
    cases = {case.name: case for case in (*function.cases, *function.stable_cases)}
    case = cases.get(finding.case or "")
    if case is None or not trial.shows(case):
        return None
    own, output = _own(trial, function, case, finding.output)
    if own is None:
        return None
    found = _search(trial, function, output, own)
    return (own if found is None or own.size < found.size else found).example


def _own(trial: Trial, function: Function, case: Case, output: str | None) -> tuple[FailingExample | None, str]:
    """The failure in the case of the finding, and the output that shows it."""
    seen = trial.call_case(function, case)
    for name in (output,) if output else function.outputs:
        if found := failure(trial, seen, name):
            return found, name
    return None, ""


def _search(trial: Trial, function: Function, output: str, own: FailingExample) -> FailingExample | None:
    """The smallest that fails in the same way; if none does, the smallest that fails at all."""
    any_way: FailingExample | None = None
    for number, pack in enumerate(packs(function, trial.exercise.small.get(function.name, ()))):
        seen = trial.once(f"small {function.name} {number}", partial(_ask, trial.public, function, pack))
        for item in seen:
            found = failure(trial, item, output)
            if found and found.kind == own.kind:
                return found
            any_way = any_way or found
        if len(seen) < len(pack.calls):
            break
    return any_way


def packs(function: Function, families: tuple[Small, ...]) -> Iterator[Pack]:
    """All small cases of a function, the smallest first; each pack is made once, when it is first asked for."""
    if not families:
        return
    memo = families[0].memo
    members = sorted((member for family in families for member in family.members), key=lambda member: member.weight)
    start = 0
    for number, size in enumerate((*PACKS, len(members))):
        part = members[start : start + size]
        start += size
        if part:
            key = f"{function.name} {number}"
            if key not in memo:
                memo[key] = _pack(function, [member.case for member in part])
            yield memo[key]


def call(function: Function, case: Case) -> Call:
    """What a small case asks: its inputs, always the same, and what should come back."""
    inputs = draw_inputs(function, case, np.random.default_rng(zlib.crc32(case.name.encode())))
    return Call(inputs, reference(function, inputs))


def _pack(function: Function, cases: list[Case]) -> Pack:
    calls = tuple((case, call(function, case)) for case in cases)
    requests = tuple(Request(function.name, *arguments(function, item.inputs)) for _, item in calls)
    return Pack(calls, RequestBatch(requests))


def _ask(implementation: Implementation, function: Function, pack: Pack) -> list[CaseResult]:
    """What the candidate does, as far as it gets within its time."""
    answers = implementation.call_many(pack.request_batch, JOURNEY)
    outcomes = iter(answers) if answers is not None else _one_by_one(implementation, pack)
    pairs = zip(pack.calls, outcomes, strict=False)
    return [call_case(function, case, item, outcome) for (case, item), outcome in pairs]  # type: ignore[arg-type]


def _one_by_one(implementation: Implementation, pack: Pack) -> Iterator[Outcome]:
    """Call by call until one does not end, or the time is up."""
    left = ALONE
    for ask in pack.request_batch.requests:
        outcome = implementation.call(ask.function, ask.args or (), ask.kwargs, names=(), seconds=CALL)
        yield outcome
        left -= max(outcome.cpu, UNKNOWN / 10) if isinstance(outcome, Returned) else UNKNOWN
        if isinstance(outcome, Stopped) or left <= 0:
            return


def call_case(function: Function, case: Case, item: Call, outcome: Outcome) -> CaseResult:
    """A small case that was answered."""
    named = name_outputs(function, outcome)
    return CaseResult(function, case, (item,), outcome, None if named is None else (named,))
