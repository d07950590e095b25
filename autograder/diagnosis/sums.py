"""Hypotheses about sums: one that is missing, one too many, or a gradient that holds only a part of its shares.

A backward is linear in dout, so the reference gives the share of one part if dout is 0 everywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations, product

import numpy as np

from autograder.diagnosis.axes import axis_names
from autograder.diagnosis.evidence import Evidence, Item, equal
from autograder.diagnosis.forms import join
from autograder.diagnosis.hypothesis import Hypothesis, Predict, hypothesis, prediction, predicts_first
from autograder.diagnosis.other_inputs import pick
from autograder.spec.exercise import Inputs

Axes = tuple[int, ...]
Make = Callable[..., np.ndarray]

_MAX_SHARES = 150
"""Most shares into which one case is split."""

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


def partial_sums(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that only the first or last share is there, or that shares overwrote each other."""
    dout = evidence.failing[0].inputs.get("dout") if evidence.failing else None
    if not isinstance(dout, np.ndarray) or not dout.ndim:
        return
    names = axis_names(evidence.axes, "dout", dout.ndim)
    for words, predict in (*_single_shares(evidence, dout.ndim, names), *_overwritten(evidence, dout.ndim, names)):
        if predicts_first(evidence, predict):
            yield prediction(evidence, "share", words, predict)


def _single_shares(evidence: Evidence, ndim: int, names: tuple[str, ...]) -> Iterator[tuple[str, Predict]]:
    for axes in _axes(ndim):
        for place, word in ((-1, "last"), (0, "first")):
            words = f"{evidence.subject} holds the share of the {word} place along {join(names, axes)} only."
            yield words, _share(evidence.output, axes, (place,) * len(axes))


def _overwritten(evidence: Evidence, ndim: int, names: tuple[str, ...]) -> Iterator[tuple[str, Predict]]:
    for axes in _axes(ndim):
        words = (
            f"each entry of {evidence.subject} holds the last share that reached it along {join(names, axes)}: "
            "the ones before were overwritten."
        )
        yield words, partial(_last_shares, evidence.output, axes)


def _axes(ndim: int) -> list[Axes]:
    """Return the sets of axes: each alone, all but the last, all but the first and the last."""
    sets = [(axis,) for axis in range(ndim)] + [tuple(range(ndim - 1)), tuple(range(1, ndim - 1))]
    return list(dict.fromkeys(axes for axes in sets if axes))


def _share(output: str, axes: Axes, places: Axes) -> Predict:
    key, change = f"share {axes} {places}", _masked(axes, places)
    return lambda item: pick(item.counterfactuals.of_change(item, key, change), output, item)


def _masked(axes: Axes, places: Axes) -> Callable[[Inputs], Inputs | None]:
    def change(inputs: Inputs) -> Inputs | None:
        dout = inputs.get("dout")
        if not isinstance(dout, np.ndarray) or dout.ndim <= max(axes):
            return None
        index = tuple(places[axes.index(i)] if i in axes else slice(None) for i in range(dout.ndim))
        kept = np.zeros_like(dout)
        kept[index] = dout[index]
        return inputs | {"dout": kept}

    return change


def _last_shares(output: str, axes: Axes, item: Item) -> np.ndarray | None:
    """Return the array in which every share overwrites the ones before."""
    dout = item.inputs.get("dout")
    if not isinstance(dout, np.ndarray) or dout.ndim <= max(axes):
        return None
    lengths = [dout.shape[axis] for axis in axes]
    if not 1 < np.prod(lengths) <= _MAX_SHARES:
        return item.want if np.prod(lengths) == 1 else None
    result = np.zeros_like(item.want)
    for places in product(*map(range, lengths)):
        share = _share(output, axes, places)(item)
        if share is None or share.shape != result.shape:
            return None
        result = np.where(share != 0, share, result)
    return result
