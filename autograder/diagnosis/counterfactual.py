"""Counterfactuals: right outputs for changed inputs, and the outputs of known mistakes.

A recorded variant has no reference to call, so it offers only the recorded outputs of known mistakes.
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
    """One call of a function in a case; `step` is its number in the case, from 1."""

    @property
    def function(self) -> Function: ...

    @property
    def case(self) -> Case: ...

    @property
    def step(self) -> int: ...

    @property
    def inputs(self) -> Inputs: ...


class Counterfactuals:
    """The counterfactuals of one trial, each computed once; the variant, which many answers share, keeps none."""

    def __init__(self, trial: Trial, known_mistakes: KnownMistakes) -> None:
        self._trial = trial
        self.work = trial.work
        self.known_mistakes = known_mistakes
        self._outputs: dict[tuple[str, ...], Outputs | None] = {}

    def of_change(self, item: CalledCase, key: str, change: Change) -> Outputs | None:
        """Return the right outputs for changed inputs; None where there are none. `key` identifies the change."""
        return self._cached(item, f"change {key}", lambda: self.compute(item.function, item.inputs, change))

    def of_function(self, item: CalledCase, function: Function) -> Outputs | None:
        """Return the right outputs of another function of the exercise for the item's arguments."""
        return self._cached(item, f"function {function.name}", lambda: self.compute(function, _inputs(item), dict))

    def of_mistake(self, item: CalledCase, mistake: Mistake) -> Outputs | None:
        """Return the outputs of a known mistake for the item's inputs."""
        if item.step == 1:
            seen = self.known_mistakes.trial_of(mistake).call_case(item.function, item.case)
            return seen.outputs[0] if seen.outputs else None
        try:
            implementation = self._trial.variant.implementation(mistake)
            return name_outputs(item.function, invoke(implementation, item.function, item.inputs, 1.0, watch=False))
        except Unrecorded:
            return None

    def compute(self, function: Function, inputs: Inputs, change: Change = dict) -> Outputs | None:
        """Call the reference with changed inputs; None where it gives no outputs."""
        changed = None if self._trial.variant.recorded else change(with_defaults(function, inputs))
        if changed is None or not set(function.positional) <= set(changed):
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return reference(function, changed)
        except GraderFault:
            return None

    def _cached(self, item: CalledCase, key: str, make: Callable[[], Outputs | None]) -> Outputs | None:
        if item.step > 1:
            return make()  # the inputs of later steps hold the state that this answer returned
        cache_key = item.function.name, item.case.name, key
        if cache_key not in self._outputs:
            self._outputs[cache_key] = make()
        return self._outputs[cache_key]


def _inputs(item: CalledCase) -> Inputs:
    return with_defaults(item.function, item.inputs)
