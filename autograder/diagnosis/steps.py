"""Hypotheses that one elementwise operation too many was applied to the right output: a root, a square, a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.hypothesis import Hypothesis, prediction, predicts_first

_STEPS: tuple[tuple[str, Callable[[np.ndarray], np.ndarray]], ...] = (
    ("the absolute value of what it should be", np.abs),
    ("the square of what it should be", np.square),
    ("the square root of what it should be", np.sqrt),
    ("1 divided by what it should be", np.reciprocal),
    ("1 minus what it should be", lambda want: 1 - want),
    ("the natural logarithm of what it should be", np.log),
    ("the exponential of what it should be", np.exp),
    ("only the sign of what it should be", np.sign),
    ("what it should be, rounded to whole numbers", np.round),
    ("what it should be, with all that is negative cut to 0", lambda want: np.maximum(want, 0.0)),
    ("what it should be, with all that is positive cut to 0", lambda want: np.minimum(want, 0.0)),
    ("what it should be, cut to lie between 0 and 1", lambda want: np.clip(want, 0.0, 1.0)),
    ("what it should be, cut to lie between -1 and 1", lambda want: np.clip(want, -1.0, 1.0)),
)


def steps(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that the output is an elementwise function of the right one."""
    for words, step in _STEPS:
        predict = partial(_stepped, step)
        if predicts_first(evidence, predict):
            yield prediction(evidence, "step", f"{evidence.subject} is {words}.", predict)


def _stepped(step: Callable[[np.ndarray], np.ndarray], item: Item) -> np.ndarray:
    return step(item.want)
