"""Hypotheses that the output is off by a factor: a named number, or one of the inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.factor_names import NamedNumber, name_numbers
from autograder.diagnosis.hypothesis import Hypothesis, Predict, hypothesis, prediction, predicts_first
from autograder.diagnosis.numbers import equal

_MAX_RANK = 4
"""Highest rank of a factor's name."""


def factor(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that the output is a named number times the right one."""
    named = name_factor(evidence, expected)
    if named is not None:
        words = f"{evidence.subject} is {named.text} times what it should be."
        yield hypothesis("pattern", "factor", evidence, words, lambda view: is_factor(view, expected, named))


def reshaped_factor(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that the output has another shape and is a named number times the right one as well."""
    if not evidence.items or any(item.got is None or item.fits or item.got.size != item.want.size
                                 for item in evidence.items):  # fmt: skip
        return
    named = name_factor(_fitted(evidence), expected)
    if named is not None:
        words = f"{evidence.subject} has another shape than it should, and is {named.text} times what it should be."
        yield hypothesis(
            "pattern", "factor", evidence, words, lambda view: is_factor(_fitted(view), expected, named)
        )  # fmt: skip


def _fitted(evidence: Evidence) -> Evidence:
    """Return the evidence with every output in the expected shape where it has as many entries."""
    items = [
        replace(item, got=item.got.reshape(item.want.shape))
        if item.got is not None and item.got.size == item.want.size else item
        for item in evidence.items
    ]  # fmt: skip
    return replace(evidence, items=tuple(items))


def expected(item: Item) -> np.ndarray | None:
    """Return the expected array of the item."""
    return item.want


def name_factor(evidence: Evidence, base: Predict, max_rank: int = _MAX_RANK) -> NamedNumber | None:
    """Return the name of the factor between the base and the output; None unless exactly one fits."""
    ratios = []
    for item in evidence.items:
        ratio = ratio_of(item.got, base(item))
        if ratio is None:
            return None
        ratios.append(ratio)
    return name_numbers(evidence, ratios, max_rank)


def is_factor(evidence: Evidence, base: Predict, named: NamedNumber) -> bool:
    """Return whether the output is the named number times the base in every item."""
    return all(equal(item.got, _times(base(item), named.value(item))) for item in evidence.items)


def ratio_of(got: np.ndarray | None, want: np.ndarray | None) -> float | None:
    """Return the factor from `want` to `got`; nan where every number is one, None where none is."""
    if got is None or want is None or got.shape != want.shape:
        return None
    square = float(np.sum(want * want))
    if not np.isfinite(square):
        return None
    if not square:
        return None if got.any() else float("nan")
    ratio = float(np.sum(got * want)) / square
    return ratio if np.isfinite(ratio) and equal(got, ratio * want) else None


def _times(want: np.ndarray | None, value: float | None) -> np.ndarray | None:
    return None if want is None or value is None else want * value


def inputs_as_factors(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that an input is missing as a factor, or was multiplied in once too often."""
    for name, value in evidence.failing[0].inputs.items() if evidence.failing else ():
        if not isinstance(value, np.ndarray) or value.dtype.kind != "f" or not evidence.failing[0].want.ndim:
            continue
        missing = _operation(name, lambda want, by: want / by)
        if predicts_first(evidence, missing):
            words = f"{evidence.subject} times {name} is right: one factor is missing."
            yield prediction(evidence, "input missing", words, missing)
        extra = _operation(name, lambda want, by: want * by)
        if predicts_first(evidence, extra):
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
