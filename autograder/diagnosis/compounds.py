"""Two mistakes at once, where that can be proven: a known mistake's output, times a named number or turned round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.factors import is_factor, name_factor, ratio_of
from autograder.diagnosis.hypothesis import Hypothesis, Predict, hypothesis, predicts, starts
from autograder.diagnosis.numbers import alike
from autograder.diagnosis.other_inputs import pick
from autograder.spec.exercise import Mistake

_FAR = 1
"""How far-fetched the factor may be: a number, a size, a hyperparameter."""

_TURNS: tuple[tuple[str, Callable[[np.ndarray], np.ndarray]], ...] = (
    ("the negative of", np.negative), ("the transpose of", np.transpose), ("in reverse", np.flip),
)  # fmt: skip


def compounds(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Each known mistake of the function, as a picture of what came out."""
    for mistake, _ in (
        evidence.failing[0].counterfactuals.known_mistakes.of(evidence.function) if evidence.failing else ()
    ):
        picture = _picture(mistake, evidence.output)
        seen = picture(evidence.failing[0])
        if seen is not None and not alike(seen, evidence.failing[0].want):
            yield from _turned(evidence, mistake, picture)
            yield _multiplied(evidence, mistake, picture, seen)


def _turned(evidence: Evidence, mistake: Mistake, picture: Predict) -> Iterator[Hypothesis | None]:
    for words, turn in _TURNS:
        predict = _then(picture, turn)
        if starts(evidence, predict):
            yield _claim(evidence, mistake, words, partial(predicts, predict=predict))


def _multiplied(evidence: Evidence, mistake: Mistake, picture: Predict, seen: np.ndarray) -> Hypothesis | None:
    if ratio_of(evidence.failing[0].got, seen) is None:
        return None
    naming = name_factor(evidence, picture, _FAR)
    if naming is None:
        return None
    return _claim(evidence, mistake, f"{naming.text} times", lambda view: is_factor(view, picture, naming))


def _claim(evidence: Evidence, mistake: Mistake, words: str, test: Callable[[Evidence], bool]) -> Hypothesis | None:
    name = mistake.name.replace("_", " ")
    text = f"{evidence.subject} is {words} what a known mistake gives, “{name}”, of which is said: {mistake.hint}"
    return hypothesis("pattern", "compound", evidence, text, test)


def _then(picture: Predict, turn: Callable[[np.ndarray], np.ndarray]) -> Predict:
    def predict(item: Item) -> np.ndarray | None:
        seen = picture(item)
        return None if seen is None else turn(seen)

    return predict


def _picture(mistake: Mistake, output: str) -> Predict:
    return lambda item: pick(item.counterfactuals.answer(item, mistake), output, item)
