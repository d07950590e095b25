"""Summed where nothing should be, or not summed where something should."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations

import numpy as np

from autograder.diagnosis.axes import axis_names
from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.hypothesis import Hypothesis, Predict, hypothesis, prediction, starts
from autograder.diagnosis.numbers import alike
from autograder.diagnosis.permutations import listed

Axes = tuple[int, ...]
Make = Callable[..., np.ndarray]

_ORDINALS = ("first", "second", "third", "fourth")
_TO_MAKE: tuple[tuple[str, Make], ...] = (("summed", np.sum), ("averaged", np.mean))
_MADE: tuple[tuple[str, Make], ...] = (("the sum", np.sum), ("the mean", np.mean))
_MADE_OF_INPUTS: tuple[tuple[str, Make], ...] = (*_MADE, ("the maximum", np.max))
_LEFT: tuple[tuple[str, int], ...] = (("the first place", 0), ("the last place", -1))


def sums(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """What still has to be summed; what was summed too much."""
    first = next((item for item in evidence.failing if item.got is not None), None)
    if first is None or first.got is None:
        return
    yield from _unsummed(evidence, first.got.ndim)
    yield from _oversummed(evidence, first.want.ndim)


def _unsummed(evidence: Evidence, ndim: int) -> Iterator[Hypothesis | None]:
    for verb, make in _TO_MAKE:
        words = f"{evidence.subject} still has to be {verb}: it is one number, not an array."
        yield hypothesis("pattern", "not summed", evidence, words, partial(_makes, make, None))
        for axes in _subsets(ndim):
            words = f"{evidence.subject} still has to be {verb} along its {listed(_ORDINALS, axes)} axis."
            yield hypothesis("pattern", "not summed", evidence, words, partial(_makes, make, axes))
    for place, word in ((-1, "last"), (0, "first")):
        for axes in _subsets(ndim):
            words = f"{evidence.subject} holds what is right at the {word} place of its {listed(_ORDINALS, axes)} axis."
            yield hypothesis("pattern", "not picked", evidence, words, partial(_makes, _picker(place), axes))


def _makes(make: Make, axes: Axes | None, evidence: Evidence) -> bool:
    """Whether the right output can be made of what came back."""
    return all(item.right or _made(item, make, axes) for item in evidence.items)


def _made(item: Item, make: Make, axes: Axes | None) -> bool:
    if item.got is None or not item.got.size or item.got.shape == item.want.shape:
        return False
    if axes is None:
        return not item.want.ndim and alike(np.asarray(make(item.got)), item.want)
    return item.got.ndim > max(axes) and alike(np.asarray(make(item.got, axis=axes)), item.want)


def _picker(place: int) -> Make:
    def pick(got: np.ndarray, axis: Axes) -> np.ndarray:
        return np.asarray(got[tuple(place if i in axis else slice(None) for i in range(got.ndim))])

    return pick


def _oversummed(evidence: Evidence, ndim: int) -> Iterator[Hypothesis | None]:
    names = axis_names(evidence.axes, evidence.output, ndim)
    for axes in _subsets(ndim):
        for words, make in _MADE:
            for predict in _blurs(make, axes):
                if starts(evidence, predict):
                    text = f"{evidence.subject} is {words} of what is right along {listed(names, axes)}: one for all."
                    yield prediction(evidence, "summed", text, predict)
    for axis, (words, place) in ((axis, left) for axis in range(ndim) for left in _LEFT):
        predict = _left(axis, place)
        if starts(evidence, predict):
            text = f"{evidence.subject} is only {words} of what is right along {names[axis]}."
            yield prediction(evidence, "only one place", text, predict)


def _left(axis: int, place: int) -> Predict:
    def predict(item: Item) -> np.ndarray | None:
        fits = item.want.ndim > axis and item.want.shape[axis]
        return np.asarray(item.want.take(place, axis)) if fits else None

    return predict


def _blurs(make: Make, axes: Axes) -> tuple[Predict, ...]:
    """Summed up and the axes gone, kept at length 1, or filled with the same number."""

    def blur(item: Item) -> np.ndarray | None:
        return np.asarray(make(item.want, axis=axes, keepdims=True)) if item.want.ndim > max(axes) else None

    def squeezed(item: Item) -> np.ndarray | None:
        made = blur(item)
        return None if made is None else made.squeeze(axes)

    def filled(item: Item) -> np.ndarray | None:
        made = blur(item)
        return None if made is None else np.broadcast_to(made, item.want.shape)

    return blur, squeezed, filled


def summed_inputs(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """An input, summed or averaged along some of its axes."""
    for name, value in evidence.failing[0].inputs.items() if evidence.failing else ():
        if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
            continue
        names = axis_names(evidence.axes, name, value.ndim)
        for axes in _subsets(value.ndim):
            for words, make in _MADE_OF_INPUTS:
                predict = _of_input(name, make, axes)
                if starts(evidence, predict):
                    text = f"{evidence.subject} is {words} of {name} along {listed(names, axes)}, and nothing else."
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
