"""Papers with the same cases and inputs drawn anew: what is no coincidence holds there too.

They live as long as the trial: a paper that many sit does not grow by them.
"""

from __future__ import annotations

from dataclasses import replace

from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.spec.function import Function

DRAWN = 4
"""Papers that a claim must hold on which does not explain every number, the student's own among them."""


def redrawn_seed(seed: int, number: int) -> int:
    """Where the twin of this number has its inputs from."""
    return (seed + number) % 2**64


def can_redraw(variant: Variant) -> bool:
    """Whether there are others: a record may hold none."""
    record = variant.exercise.record
    return record is None or bool(record.redrawn_records)


def redrawn_trial(trial: Trial, function: Function, number: int = 1) -> Trial:
    """The same candidate, asked for one function, on the twin of this number."""
    redrawn = redrawn_variant(trial, function, number)
    key = f"twin {function.name} {number}"
    return trial.once(key, lambda: Trial(redrawn, trial.implementation, trial.reveal, trial.seconds))


def redrawn_variant(trial: Trial, function: Function, number: int = 1) -> Variant:
    """The paper's twin of this number, as far as one function needs it; made once."""
    return trial.once(f"twin paper {function.name} {number}", lambda: _twin(trial.variant, function, number))


def _twin(variant: Variant, function: Function, number: int) -> Variant:
    needed = {function.name, function.forward and function.forward.name}
    exercise = replace(variant.exercise, functions=tuple(f for f in variant.exercise.functions if f.name in needed))
    if (record := exercise.record) is not None:
        exercise = replace(exercise, record=record.redrawn_records[number - 1], mistakes=())
    return Variant(exercise, redrawn_seed(variant.seed, number))
