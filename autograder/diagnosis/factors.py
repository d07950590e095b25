"""Off by a factor: one number, or one of the inputs. What it equals is told by name, when only one name fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.factor_names import FactorNames, name_numbers
from autograder.diagnosis.hypothesis import Hypothesis, Predict, hypothesis, prediction, starts
from autograder.diagnosis.numbers import alike

FAR = 4
"""How far-fetched the name of a factor may be."""


def factor(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """One number for each case, by name."""
    naming = name_factor(evidence, right)
    if naming is not None:
        words = f"{evidence.subject} is {naming.text} times what it should be."
        yield hypothesis("pattern", "factor", evidence, words, lambda view: is_factor(view, right, naming))


def right(item: Item) -> np.ndarray | None:
    """What the output should be."""
    return item.want


def name_factor(evidence: Evidence, picture: Predict, far: int = FAR) -> FactorNames | None:
    """The name of the number by which the picture is multiplied; None unless there is exactly one."""
    ratios = []
    for item in evidence.items:
        ratio = ratio_of(item.got, picture(item))
        if ratio is None:
            return None
        ratios.append(ratio)
    return name_numbers(evidence, ratios, far)


def is_factor(evidence: Evidence, picture: Predict, naming: FactorNames) -> bool:
    """Whether the named number is the factor in every item."""
    return all(alike(item.got, _times(picture(item), naming.value(item))) for item in evidence.items)


def ratio_of(got: np.ndarray | None, want: np.ndarray | None) -> float | None:
    """The number that makes `got` of `want`; nan where any would do, None where none does."""
    if got is None or want is None or got.shape != want.shape:
        return None
    square = float(np.sum(want * want))
    if not np.isfinite(square):
        return None
    if not square:
        return None if got.any() else float("nan")
    ratio = float(np.sum(got * want)) / square
    return ratio if np.isfinite(ratio) and alike(got, ratio * want) else None


def _times(want: np.ndarray | None, value: float | None) -> np.ndarray | None:
    return None if want is None or value is None else want * value


def inputs_as_factors(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Where multiplying by an input would make it right, or it has been multiplied by one too often."""
    for name, value in evidence.failing[0].inputs.items() if evidence.failing else ():
        if not isinstance(value, np.ndarray) or value.dtype.kind != "f" or not evidence.failing[0].want.ndim:
            continue
        missing = _operation(name, lambda want, by: want / by)
        if starts(evidence, missing):
            words = f"{evidence.subject} times {name} is right: one factor is missing."
            yield prediction(evidence, "input missing", words, missing)
        extra = _operation(name, lambda want, by: want * by)
        if starts(evidence, extra):
            words = f"{evidence.subject} is right but for {name}, by which it was multiplied once more than it should."
            yield prediction(evidence, "input too often", words, extra)


def _operation(name: str, make: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Predict:
    def predict(item: Item) -> np.ndarray | None:
        by = item.inputs.get(name)
        try:
            made = make(item.want, by) if isinstance(by, np.ndarray) else np.zeros(0)
        except ValueError:
            return None
        return made if made.shape == item.want.shape else None

    return predict
