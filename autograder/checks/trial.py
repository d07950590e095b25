"""A trial: one implementation run on one variant. Each function is called once per case, and the result is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from autograder.checks.variant import Made, Variant, arguments, feed, invoke, name_outputs
from autograder.implementation import (
    Absent,
    Implementation,
    Outcome,
    Raised,
    Request,
    RequestBatch,
    Response,
    Returned,
    Signature,
    Stopped,
)
from autograder.numeric.sample import cost
from autograder.spec.exercise import Call, Exercise, Inputs, Outputs
from autograder.spec.function import Case, Function
from autograder.values import Unsupported

# CPU seconds for all calls of one request batch; a slower answer is called one by one, with more time for each call.
CALL_MANY_SECONDS = 0.5


@dataclass(frozen=True)
class CaseResult:
    """The result of one function on one case."""

    function: Function
    case: Case
    calls: tuple[Call, ...]
    """One call per step of the case; for an output drawn at random, one per generator."""
    outcome: Outcome
    """Outcome of the first call without outputs; where every call has outputs, of the last one."""
    outputs: tuple[Outputs, ...] | None
    """One for each call; None where a call did not return the right number of values."""
    changed: tuple[str, ...] = ()
    """The arguments that the function wrote into."""

    @staticmethod
    def of_call(function: Function, case: Case, call: Call, outcome: Outcome) -> CaseResult:
        """Return the result of one call."""
        named = name_outputs(function, outcome)
        return CaseResult(function, case, (call,), outcome, None if named is None else (named,))

    @property
    def inputs(self) -> Inputs:
        """Return the arguments of the first call."""
        return self.calls[0].inputs


class WorkSpent(Exception):
    """Raised when a diagnosis has examined as many numbers as it may."""


@dataclass
class Work:
    """Numbers that the diagnosis of one answer may still examine, in all hypotheses about all outputs together.

    They are counted instead of seconds, so that an answer gets the same feedback on every machine.
    """

    left: int = 100_000_000

    def spend(self, numbers: int) -> None:
        """Subtract numbers that were examined; raise WorkSpent when none are left."""
        self.left -= numbers
        if self.left < 0:
            raise WorkSpent


@dataclass
class Trial:
    """One implementation run on one variant, with the results of its calls."""

    variant: Variant
    implementation: Implementation
    reveal: bool = False
    """Whether the numbers of hidden cases may be shown, as on a student's own machine."""
    seconds: float = 1.0
    """Limit of CPU time for one call on a case, if the function's own limit is not larger."""
    stopped: dict[str, Stopped] = field(default_factory=dict)
    """The functions whose process had to be ended; they are not called again."""
    work: Work = field(default_factory=Work)
    """Numbers that the diagnosis of the trial may still examine, shared with its trials on redrawn variants."""
    _made: dict[str, Any] = field(default_factory=dict)
    _last: str | None = None

    @property
    def exercise(self) -> Exercise:
        """Return the exercise of the variant."""
        return self.variant.exercise

    def describe(self, name: str) -> Signature | Raised | Stopped | Absent:
        """Return the signature of the student's function of this name, which may be a helper, or why there is none."""
        answer = self._answers.get((name, None))
        known = answer if isinstance(answer, Signature | Raised | Stopped | Absent) else None
        return self.once(f"describe {name}", lambda: known or self.implementation.describe(name))

    def shows(self, case: Case) -> bool:
        """Return whether students may see the numbers of this case."""
        return case.public or self.reveal

    def once(self, key: str, make: Callable[[], Made]) -> Made:
        """Return the result of `make`, which is called only the first time for this key."""
        if key not in self._made:
            self._made[key] = make()
        return cast(Made, self._made[key])

    def case_results(self, function: Function) -> list[CaseResult]:
        """Return the results of the function on all its cases, public ones first."""
        return [self.call_case(function, case) for case in self.ordered(function)]

    def ordered(self, function: Function) -> list[Case]:
        """Return the cases of the function, public ones first."""
        return sorted(function.cases, key=lambda case: not case.public)

    def call_case(self, function: Function, case: Case) -> CaseResult:
        """Return the result of the function on this case; it is called only the first time."""
        return self.once(f"case {function.name} {case.name}", lambda: self._run(function, case))

    def call(self, function: Function, inputs: Inputs, seconds: float | None = None, timed: bool = False,
             expected: Outputs | None = None) -> Outcome:  # fmt: skip
        """Call a function and return the outcome. After a stop the function is not called again: the stop is returned.

        timed: the outcome's `cpu` counts the function alone, and changes of its arguments are not reported.
        expected: the right outputs, where they are known; a result far larger than they are is not sent back.
        """
        if function.name in self.stopped:
            return self.stopped[function.name]
        allowed = seconds or max(self.seconds, function.seconds)
        outcome = invoke(self.implementation, function, inputs, allowed, not timed, expected, timed)
        if isinstance(outcome, Stopped) and self._last not in (None, function.name):
            # Another function of the file ran in that process before and may have spoilt it; now there is a new one.
            outcome = invoke(self.implementation, function, inputs, allowed, not timed, expected, timed)
        self._last = function.name
        if isinstance(outcome, Stopped):
            self._last, self.stopped[function.name] = None, outcome
        return outcome

    def renew(self) -> None:
        """End the process of the implementation, so that later calls run in a fresh one that no call has changed."""
        self.implementation.renew()
        self._last = None

    def _run(self, function: Function, case: Case) -> CaseResult:
        calls = self.variant.calls(function, case)
        outputs: list[Outputs] = []
        changed: set[str] = set()
        for call in calls:
            state = feed(call.inputs, outputs[-1]) if outputs and case.steps > 1 else {}
            known = None if outputs else self._answers.get((function.name, case.name))
            if known is None or isinstance(known, Signature):
                known = self.call(function, call.inputs | state, expected=call.expected)
            outcome = known
            named = name_outputs(function, outcome)
            changed |= set(outcome.changed) if isinstance(outcome, Returned) else set()
            if named is None:
                return CaseResult(function, case, calls, outcome, None, tuple(sorted(changed)))
            outputs.append(named)
            if any(isinstance(value, Unsupported) for value in named.values()):
                break  # the result cannot be the next input; the comparison stops at this step anyway
        return CaseResult(function, case, calls, outcome, tuple(outputs), tuple(sorted(changed)))

    @cached_property
    def _answers(self) -> dict[tuple[str, str | None], Response]:
        """Return the signatures of all functions and the first call of each case, all made in one request batch."""
        functions = [f for f in self.exercise.functions if f.seconds <= self.seconds and f.name not in self.stopped]
        names = [name for function in functions  # the helpers that a student may define for steps are described too
                 for name in (function.name, *([function.steps.__name__] if function.steps else []))]  # fmt: skip
        cases = [(f, c) for f in functions for c in (*f.cases, *f.stable_cases)]
        keys = [*((name, None) for name in names), *((function.name, case.name) for function, case in cases)]

        def request(function: Function, case: Case) -> Request:
            first = self.variant.calls(function, case)[0]
            expected = max(cost(first.inputs), cost(first.expected))
            return Request(function.name, *arguments(function, first.inputs), function.positional, expected)

        request_batch = self.variant.once(f"batch {' '.join(names)}", lambda: RequestBatch(
            (*map(Request, names), *(request(function, case) for function, case in cases))))  # fmt: skip
        answers = self.implementation.call_many(request_batch, CALL_MANY_SECONDS) if keys else None
        return dict(zip(keys, answers or (), strict=False))
