"""Outputs of the known mistakes on one variant, computed by the grader itself when first needed."""

from __future__ import annotations

from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.spec.exercise import Mistake
from autograder.spec.function import Function


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
