"""Redrawn variants: the same cases with other inputs, on which a hypothesis must hold as well.

They are stored in the trial and not in the variant, which many answers share.
"""

from __future__ import annotations

from dataclasses import replace

from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.spec.function import Function

VARIANTS = 4
"""Variants on which an incomplete hypothesis must hold, the student's own included."""


def redrawn_seed(seed: int, number: int) -> int:
    """Return the seed of the redrawn variant of this number."""
    return (seed + number) % 2**64


def can_redraw(variant: Variant) -> bool:
    """Return whether redrawn variants exist; a record may hold none."""
    record = variant.exercise.record
    return record is None or bool(record.redrawn_records)


def redrawn_trial(trial: Trial, function: Function, number: int = 1) -> Trial:
    """Return the trial of the implementation on a redrawn variant of one function."""
    redrawn = redrawn_variant(trial, function, number)
    key = f"redrawn trial {function.name} {number}"
    return trial.once(key, lambda: Trial(redrawn, trial.implementation, trial.reveal, trial.seconds, work=trial.work))


def redrawn_variant(trial: Trial, function: Function, number: int = 1) -> Variant:
    """Return a redrawn variant with the cases of one function; it is made once per trial."""
    return trial.once(f"redrawn variant {function.name} {number}", lambda: _redraw(trial.variant, function, number))


def _redraw(variant: Variant, function: Function, number: int) -> Variant:
    needed = {function.name, function.forward and function.forward.name}
    exercise = replace(variant.exercise, functions=tuple(f for f in variant.exercise.functions if f.name in needed))
    if (record := exercise.record) is not None:
        exercise = replace(exercise, record=record.redrawn_records[number - 1], mistakes=())
    return Variant(exercise, redrawn_seed(variant.seed, number))
