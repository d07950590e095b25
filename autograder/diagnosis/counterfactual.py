"""Right outputs for changed inputs, and the outputs of known mistakes, computed by the grader when first needed.

A recorded variant has no reference to call, so it offers only the recorded outputs of known mistakes.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

from autograder.checks.trial import Trial
from autograder.checks.variant import Inputs, Outputs, Variant, invoke, name_outputs, reference
from autograder.diagnosis.axes import with_defaults
from autograder.errors import GraderFault, Unrecorded
from autograder.spec.exercise import Mistake
from autograder.spec.function import Function

if TYPE_CHECKING:
    from autograder.diagnosis.evidence import Item


class KnownMistakes:
    """The known mistakes of one variant; all answers to that variant share them."""

    def __init__(self, variant: Variant) -> None:
        self._variant = variant
        self._trials: dict[str, Trial] = {}

    def in_function(self, function: Function) -> list[tuple[Mistake, Trial]]:
        """Return the known mistakes of the function, each with its trial."""
        mistakes = [mistake for mistake in self._variant.exercise.mistakes if mistake.function == function.name]
        return [(mistake, self.trial_of(mistake)) for mistake in mistakes]

    def trial_of(self, mistake: Mistake) -> Trial:
        """Return the trial of one known mistake."""
        if mistake.name not in self._trials:
            self._trials[mistake.name] = Trial(self._variant, self._variant.implementation(mistake))
        return self._trials[mistake.name]


Change = Callable[[Inputs], Inputs | None]


class Counterfactuals:
    """The counterfactuals of one trial, each computed once; the variant, which many answers share, keeps none."""

    def __init__(self, trial: Trial, known_mistakes: KnownMistakes) -> None:
        self._trial = trial
        self.work = trial.work
        self.known_mistakes = known_mistakes
        self._outputs: dict[tuple[str, ...], Outputs | None] = {}

    def of_change(self, item: Item, key: str, change: Change) -> Outputs | None:
        """Return the right outputs for changed inputs; None where there are none. `key` identifies the change."""
        return self._cached(item, f"change {key}", lambda: self.compute(item.function, item.inputs, change))

    def of_function(self, item: Item, function: Function) -> Outputs | None:
        """Return the right outputs of another function of the exercise for the item's arguments."""
        return self._cached(item, f"function {function.name}", lambda: self.compute(function, _inputs(item), dict))

    def of_mistake(self, item: Item, mistake: Mistake) -> Outputs | None:
        """Return the outputs of a known mistake for the item's inputs."""
        try:
            if item.step == 1:
                seen = self.known_mistakes.trial_of(mistake).call_case(item.function, item.case)
                return seen.outputs[0] if seen.outputs else None
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

    def _cached(self, item: Item, key: str, make: Callable[[], Outputs | None]) -> Outputs | None:
        if item.step > 1:
            return make()  # the inputs of later steps hold the state that this answer returned
        cache_key = item.function.name, item.case.name, key
        if cache_key not in self._outputs:
            self._outputs[cache_key] = make()
        return self._outputs[cache_key]


def _inputs(item: Item) -> Inputs:
    return with_defaults(item.function, item.inputs)
