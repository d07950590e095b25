"""What would be right for other inputs, and what a known mistake makes of the same: asked once in a trial.

A recorded paper has no reference to ask, so it knows only what its known mistakes did.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Protocol

from autograder.checks.trial import Trial
from autograder.checks.variant import Inputs, Outputs, invoke, name_outputs, reference
from autograder.diagnosis.axes import with_defaults
from autograder.diagnosis.known_mistakes import KnownMistakes
from autograder.errors import GraderFault, Unrecorded
from autograder.spec.exercise import Mistake
from autograder.spec.function import Case, Function

Change = Callable[[Inputs], Inputs | None]


class CalledCase(Protocol):
    """One call of a function on a case. step: which call of the case, from 1."""

    @property
    def function(self) -> Function: ...

    @property
    def case(self) -> Case: ...

    @property
    def step(self) -> int: ...

    @property
    def inputs(self) -> Inputs: ...


class Counterfactuals:
    """For one trial, and gone with it: a paper that many sit does not grow by what one answer was asked."""

    def __init__(self, trial: Trial, known_mistakes: KnownMistakes) -> None:
        self._trial = trial
        self.known_mistakes = known_mistakes
        self._outputs: dict[tuple[str, ...], Outputs | None] = {}

    def altered(self, item: CalledCase, key: str, change: Change) -> Outputs | None:
        """What is right for changed inputs; None where there is no such thing. key: names the change."""
        return self._once(item, f"altered {key}", lambda: self.right(item.function, item.inputs, change))

    def other(self, item: CalledCase, function: Function) -> Outputs | None:
        """What another function of the exercise should give for the item's arguments."""
        return self._once(item, f"function {function.name}", lambda: self.right(function, _all(item), dict))

    def answer(self, item: CalledCase, mistake: Mistake) -> Outputs | None:
        """What a known mistake makes of the item's own inputs."""
        if item.step == 1:
            seen = self.known_mistakes.sitting(mistake).call_case(item.function, item.case)
            return seen.outputs[0] if seen.outputs else None
        try:
            implementation = self._trial.variant.implementation(mistake)
            return name_outputs(item.function, invoke(implementation, item.function, item.inputs, 1.0, watch=False))
        except Unrecorded:
            return None

    def right(self, function: Function, inputs: Inputs, change: Change = dict) -> Outputs | None:
        """What the reference gives, after a change; None where it gives nothing."""
        changed = None if self._trial.variant.recorded else change(with_defaults(function, inputs))
        if changed is None or not set(function.positional) <= set(changed):
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return reference(function, changed)
        except GraderFault:
            return None

    def _once(self, item: CalledCase, key: str, make: Callable[[], Outputs | None]) -> Outputs | None:
        if item.step > 1:
            return make()  # its inputs are the answer's own
        place = item.function.name, item.case.name, key
        if place not in self._outputs:
            self._outputs[place] = make()
        return self._outputs[place]


def _all(item: CalledCase) -> Inputs:
    return with_defaults(item.function, item.inputs)
