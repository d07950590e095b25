"""A trial: one candidate sits one paper. Every function is called once per case, and what it did is remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograder.candidate import (
    Absent,
    Answer,
    Ask,
    Bundle,
    Candidate,
    Outcome,
    Raised,
    Returned,
    Signature,
    Stopped,
    Unsupported,
)
from autograder.checks.paper import Inputs, Made, Outputs, Paper, Question, arguments, feed, invoke, name_outputs
from autograder.exercise import Case, Exercise, Function

# Seconds of CPU time for all that is asked in one journey; a slower answer is asked call by call, with more for each.
TOGETHER = 0.5


@dataclass(frozen=True)
class Observation:
    """One function on one case: what went in, what should come out, what did.

    asked: one question per step. outputs: one per step, or None unless the function returned as many values as it
    should at every step; `outcome` is then the first call that did not. changed: arguments that it wrote into.
    """

    function: Function
    case: Case
    asked: tuple[Question, ...]
    outcome: Outcome
    outputs: tuple[Outputs, ...] | None
    changed: tuple[str, ...] = ()

    @property
    def inputs(self) -> Inputs:
        """The arguments of the first step."""
        return self.asked[0].inputs


@dataclass
class Trial:
    """reveal: hidden cases may show their numbers (a student's own machine).

    seconds: CPU time that one call on a case may take, where its function does not allow more.
    """

    paper: Paper
    candidate: Candidate
    reveal: bool = False
    seconds: float = 1.0
    _seen: dict[tuple[str, str], Observation] = field(default_factory=dict)
    _stopped: dict[str, Stopped] = field(default_factory=dict)
    _made: dict[str, Any] = field(default_factory=dict)
    _answered: dict[tuple[str, str | None], Answer] | None = None

    @property
    def exercise(self) -> Exercise:
        """The exercise of the paper."""
        return self.paper.exercise

    def describe(self, function: Function) -> Signature | Raised | Stopped | Absent:
        """The signature of the candidate's function, or why there is none."""
        answer = self._answers().get((function.name, None))
        return self.candidate.describe(function.name) if answer is None or isinstance(answer, Returned) else answer

    def once(self, key: str, make: Callable[[], Made]) -> Made:
        """What `make` gives; made at the first time only."""
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    def observations(self, function: Function) -> list[Observation]:
        """The function on each of its cases, public ones first."""
        cases = sorted(function.cases, key=lambda case: not case.public)
        return [self.observe(function, case) for case in cases]

    def observe(self, function: Function, case: Case) -> Observation:
        """The function on this case; called at the first time only."""
        key = function.name, case.name
        if key not in self._seen:
            self._seen[key] = self._run(function, case)
        return self._seen[key]

    def call(
        self, function: Function, inputs: Inputs, seconds: float | None = None, timed: bool = False
    ) -> Outcome:
        """One call. A function whose process had to be ended is not called again: the answer stays the same.

        timed: leave out what costs time beside the answer, which is to watch the arguments.
        """
        if function.name in self._stopped:
            return self._stopped[function.name]
        allowed = seconds or max(self.seconds, function.seconds)
        outcome = invoke(self.candidate, function, inputs, allowed, watch=not timed)
        if isinstance(outcome, Stopped):
            self._stopped[function.name] = outcome
        return outcome

    def _run(self, function: Function, case: Case) -> Observation:
        asked = self.paper.questions(function, case)
        outputs: list[Outputs] = []
        changed: set[str] = set()
        for question in asked:
            state = feed(question.inputs, outputs[-1]) if outputs else {}
            known = None if outputs else self._first(function, case)
            outcome = self.call(function, question.inputs | state) if known is None else known
            named = name_outputs(function, outcome)
            changed |= set(outcome.changed) if isinstance(outcome, Returned) else set()
            if named is None:
                return Observation(function, case, asked, outcome, None, tuple(sorted(changed)))
            outputs.append(named)
            if any(isinstance(value, Unsupported) for value in named.values()):
                break  # no data that could be fed back; the comparison stops at this step anyway
        return Observation(function, case, asked, outcome, tuple(outputs), tuple(sorted(changed)))

    def _first(self, function: Function, case: Case) -> Outcome | None:
        """The answer to the case's first call, where it came together with the others."""
        answer = self._answers().get((function.name, case.name))
        return None if isinstance(answer, Signature) else answer

    def _answers(self) -> dict[tuple[str, str | None], Answer]:
        """What can be asked beforehand, in one journey: every signature, and the first call of every case."""
        if self._answered is None:
            functions = [function for function in self.exercise.functions if function.seconds <= self.seconds]
            asked = [(f, case) for f in functions for case in (None, *f.cases, *f.stable_cases)]
            keys = [(function.name, case.name if case else None) for function, case in asked]
            bundle = self.paper.once("bundle", lambda: Bundle(tuple(self._ask(f, case) for f, case in asked)))
            answers = self.candidate.together(bundle, TOGETHER) if keys else None
            self._answered = dict(zip(keys, answers or (), strict=False))
        return self._answered

    def _ask(self, function: Function, case: Case | None) -> Ask:
        if case is None:
            return Ask(function.name)
        args, kwargs = arguments(function, self.paper.questions(function, case)[0].inputs)
        return Ask(function.name, args, kwargs, function.positional)
