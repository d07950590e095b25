"""Hypotheses that the output was not summed along an axis, or was summed along one too many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations

import numpy as np

from autograder.diagnosis.axes import axis_names
from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.hypothesis import Hypothesis, Predict, hypothesis, prediction, predicts_first
from autograder.diagnosis.numbers import equal
from autograder.diagnosis.permutations import join

Axes = tuple[int, ...]
Make = Callable[..., np.ndarray]

_ORDINALS = ("first", "second", "third", "fourth")
_REDUCTIONS: tuple[tuple[str, Make], ...] = (("summed", np.sum), ("averaged", np.mean))
_REDUCED: tuple[tuple[str, Make], ...] = (("the sum", np.sum), ("the mean", np.mean))
_REDUCED_INPUTS: tuple[tuple[str, Make], ...] = (*_REDUCED, ("the maximum", np.max))
_ENDS: tuple[tuple[str, int], ...] = (("the first place", 0), ("the last place", -1))


def sums(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses of a missing sum, and of one sum too many."""
    first = next((item for item in evidence.failing if item.got is not None), None)
    if first is None or first.got is None:
        return
    yield from _unsummed(evidence, first.got.ndim)
    yield from _oversummed(evidence, first.want.ndim)


def _unsummed(evidence: Evidence, ndim: int) -> Iterator[Hypothesis | None]:
    for verb, make in _REDUCTIONS:
        words = f"{evidence.subject} still has to be {verb}: it is one number, not an array."
        yield hypothesis("pattern", "not summed", evidence, words, partial(_reduces, make, None))
        for axes in _subsets(ndim):
            words = f"{evidence.subject} still has to be {verb} along its {join(_ORDINALS, axes)} axis."
            yield hypothesis("pattern", "not summed", evidence, words, partial(_reduces, make, axes))


def _reduces(make: Make, axes: Axes | None, evidence: Evidence) -> bool:
    """Return whether reducing the output along the axes gives the right one."""
    return all(item.right or _reduced(item, make, axes) for item in evidence.items)


def _reduced(item: Item, make: Make, axes: Axes | None) -> bool:
    if item.got is None or not item.got.size or item.got.shape == item.want.shape:
        return False
    if axes is None:
        return not item.want.ndim and equal(np.asarray(make(item.got)), item.want)
    return item.got.ndim > max(axes) and equal(np.asarray(make(item.got, axis=axes)), item.want)


def _oversummed(evidence: Evidence, ndim: int) -> Iterator[Hypothesis | None]:
    names = axis_names(evidence.axes, evidence.output, ndim)
    for axes in _subsets(ndim):
        for words, make in _REDUCED:
            for predict in _reductions(make, axes):
                if predicts_first(evidence, predict):
                    text = f"{evidence.subject} is {words} of what is right along {join(names, axes)}: one for all."
                    yield prediction(evidence, "summed", text, predict)
    for axis, (words, place) in ((axis, end) for axis in range(ndim) for end in _ENDS):
        predict = _taken(axis, place)
        if predicts_first(evidence, predict):
            text = f"{evidence.subject} is only {words} of what is right along {names[axis]}."
            yield prediction(evidence, "only one place", text, predict)


def _taken(axis: int, place: int) -> Predict:
    def predict(item: Item) -> np.ndarray | None:
        fits = item.want.ndim > axis and item.want.shape[axis]
        return np.asarray(item.want.take(place, axis)) if fits else None

    return predict


def _reductions(make: Make, axes: Axes) -> tuple[Predict, ...]:
    """Return the reductions of the right output: with axes of length 1, without them, and broadcast back."""

    def reduced(item: Item) -> np.ndarray | None:
        return np.asarray(make(item.want, axis=axes, keepdims=True)) if item.want.ndim > max(axes) else None

    def squeezed(item: Item) -> np.ndarray | None:
        made = reduced(item)
        return None if made is None else made.squeeze(axes)

    def filled(item: Item) -> np.ndarray | None:
        made = reduced(item)
        return None if made is None else np.broadcast_to(made, item.want.shape)

    return reduced, squeezed, filled


def summed_inputs(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that the output is an input, reduced along some of its axes."""
    for name, value in evidence.failing[0].inputs.items() if evidence.failing else ():
        if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
            continue
        names = axis_names(evidence.axes, name, value.ndim)
        for axes in _subsets(value.ndim):
            for words, make in _REDUCED_INPUTS:
                predict = _of_input(name, make, axes)
                if predicts_first(evidence, predict):
                    text = f"{evidence.subject} is {words} of {name} along {join(names, axes)}, and nothing else."
                    yield prediction(evidence, "summed input", text, predict)


def _of_input(name: str, make: Make, axes: Axes) -> Predict:
    def predict(item: Item) -> np.ndarray | None:
        given = item.inputs.get(name)
        fits = isinstance(given, np.ndarray) and given.ndim > max(axes) and given.size
        return np.asarray(make(given, axis=axes), np.float64) if fits else None

    return predict


def _subsets(ndim: int) -> list[Axes]:
    ndim = min(ndim, len(_ORDINALS))
    return [axes for count in range(1, ndim + 1) for axes in combinations(range(ndim), count)]
