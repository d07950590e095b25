"""Hypotheses that a gradient holds only a part of the sum: the last window, the first example, the last write.

A backward is linear in dout, so the reference gives the share of one part if dout is 0 everywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

import numpy as np

from autograder.checks.variant import Inputs
from autograder.diagnosis.axes import axis_names
from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.hypothesis import Hypothesis, Predict, prediction, predicts_first
from autograder.diagnosis.other_inputs import pick
from autograder.diagnosis.permutations import join

Axes = tuple[int, ...]

_MAX_SHARES = 150
"""Most shares into which one case is split."""


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
