"""Hypotheses of two mistakes at once: the output of a known mistake, multiplied, negated, transposed or reversed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.factors import is_factor, name_factor, ratio_of
from autograder.diagnosis.hypothesis import Hypothesis, Predict, hypothesis, predicts_all, predicts_first
from autograder.diagnosis.numbers import equal
from autograder.diagnosis.other_inputs import pick
from autograder.spec.exercise import Mistake

_MAX_RANK = 1
"""Highest rank of the factor's name: a number, a size or a hyperparameter."""

_TRANSFORMS: tuple[tuple[str, Callable[[np.ndarray], np.ndarray]], ...] = (
    ("the negative of", np.negative), ("the transpose of", np.transpose), ("in reverse", np.flip),
)  # fmt: skip


def compounds(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield a hypothesis for each known mistake of the function whose output was transformed or multiplied."""
    for mistake, _ in (
        evidence.failing[0].counterfactuals.known_mistakes.in_function(evidence.function) if evidence.failing else ()
    ):
        base = _mistake_output(mistake, evidence.output)
        output = base(evidence.failing[0])
        if output is not None and not equal(output, evidence.failing[0].want):
            yield from _transforms(evidence, mistake, base)
            yield _multiple(evidence, mistake, base, output)


def _transforms(evidence: Evidence, mistake: Mistake, base: Predict) -> Iterator[Hypothesis | None]:
    for words, transform in _TRANSFORMS:
        predict = _transformed(base, transform)
        output = base(evidence.failing[0])
        turns = output is not None and not equal(transform(output), output)
        if turns and predicts_first(evidence, predict):
            yield _compound(evidence, mistake, words, partial(predicts_all, predict=predict))


def _multiple(evidence: Evidence, mistake: Mistake, base: Predict, output: np.ndarray) -> Hypothesis | None:
    if ratio_of(evidence.failing[0].got, output) is None:
        return None
    named = name_factor(evidence, base, _MAX_RANK)
    if named is None:
        return None
    return _compound(evidence, mistake, f"{named.text} times", lambda view: is_factor(view, base, named))


def _compound(evidence: Evidence, mistake: Mistake, words: str, test: Callable[[Evidence], bool]) -> Hypothesis | None:
    name = mistake.name.replace("_", " ")
    text = f"{evidence.subject} is {words} what a known mistake gives, “{name}”, of which is said: {mistake.hint}"
    return hypothesis("pattern", "compound", evidence, text, test)


def _transformed(base: Predict, transform: Callable[[np.ndarray], np.ndarray]) -> Predict:
    def predict(item: Item) -> np.ndarray | None:
        output = base(item)
        return None if output is None else transform(output)

    return predict


def _mistake_output(mistake: Mistake, output: str) -> Predict:
    return lambda item: pick(item.counterfactuals.of_mistake(item, mistake), output, item)
