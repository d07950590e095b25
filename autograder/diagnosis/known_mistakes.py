"""The known mistakes on one paper. They sit it on the trusted side, each case when it is first asked for."""

from __future__ import annotations

from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.spec.exercise import Mistake
from autograder.spec.function import Function


class KnownMistakes:
    """What each known mistake does on one paper; it serves all who sit that paper."""

    def __init__(self, variant: Variant) -> None:
        self._variant = variant
        self._trials: dict[str, Trial] = {}

    def of(self, function: Function) -> list[tuple[Mistake, Trial]]:
        """The known mistakes in this function, each sitting the paper."""
        mine = [mistake for mistake in self._variant.exercise.mistakes if mistake.function == function.name]
        return [(mistake, self.sitting(mistake)) for mistake in mine]

    def sitting(self, mistake: Mistake) -> Trial:
        """What this one does."""
        if mistake.name not in self._trials:
            self._trials[mistake.name] = Trial(self._variant, self._variant.implementation(mistake))
        return self._trials[mistake.name]
