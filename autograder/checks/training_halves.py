"""Which half of a training is broken: by whose predict the params are judged, and with whose params predict is.

A release has no reference predict to read the student's params. There the student's predict on the reference's recorded
params decides, or the question stays open until the answer is graded.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.checks.training_run import Prediction, TrainingRun, share


def best(facts: TrainingRun) -> Prediction:
    """The labels that the params are judged by: the student's own predict, or the reference's where that reads more."""
    own = share(facts.own.labels, facts.rows.truth)
    if own is not None and own >= facts.training.bars[0][0]:
        return facts.own
    cross = share(facts.cross.labels, facts.rows.truth)
    return facts.cross if cross is not None and (own is None or cross > own) else facts.own


def judged(facts: TrainingRun) -> Prediction | None:
    """The reading that predict is judged by; None when there is none that says something about it.

    Its own params, where they earn something or where predict fails on them in a way that no params excuse. Else the
    reference's, where it reads them as the reference does, or where the student's own are of the reference's form.
    """
    if facts.last.learned:
        own, truth = facts.own, facts.rows.truth
        accuracy, cross = share(own.labels, truth), share(facts.cross.labels, truth)
        if accuracy is None or not own.steady:
            return own
        if accuracy >= facts.training.bars[-1][0] and (cross is None or cross <= accuracy):
            return own
    return facts.swapped if _right(facts) or (facts.last.learned and _fits(facts)) else None


def otherwise(facts: TrainingRun) -> bool:
    """Whether only the missing reference predict could judge the student's: theirs gives other labels for the
    reference's params, which have the form of their own."""
    known = not facts.trial.variant.recorded or not facts.last.learned or facts.cross.labels is not None
    return not known and _fits(facts) and not _right(facts)


def doubtful(facts: TrainingRun) -> bool:
    """Whether it also stays open if the params are poor or the predict is wrong."""
    own = share(facts.own.labels, facts.rows.truth)
    return own is not None and own < facts.training.bars[0][0] and otherwise(facts)


def _right(facts: TrainingRun) -> bool:
    """Whether predict reads the reference's params as the reference does."""
    reading, truth = facts.swapped, facts.truth.labels
    return reading.steady and truth is not None and np.array_equal(reading.labels, truth)  # type: ignore[arg-type]


def _fits(facts: TrainingRun) -> bool:
    """Whether the params are of the reference's form, so that either predict could read them."""
    if not facts.trial.variant.recorded or facts.cross.labels is not None:
        return facts.cross.labels is not None
    return facts.swapped.labels is not None and alike(facts.last.params, facts.reference.value)


def alike(params: Any, others: Any) -> bool:
    """Whether the arrays of `others` are in `params` too, under the same names and with as many axes."""
    if isinstance(params, dict) and isinstance(others, dict):
        arrays = {key: value for key, value in others.items() if isinstance(value, np.ndarray)}
        return arrays.keys() <= params.keys() and all(alike(params[key], arrays[key]) for key in arrays)
    if isinstance(params, list | tuple) and isinstance(others, list | tuple):
        return len(params) == len(others) and all(map(alike, params, others))
    return type(params) is type(others) and np.ndim(params) == np.ndim(others)
