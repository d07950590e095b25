"""Hypotheses that the output is wrong only in a named location, and how it is wrong there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from autograder.diagnosis.differences import offsets
from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.factors import factor, inputs_as_factors
from autograder.diagnosis.hypothesis import Hypothesis, hypothesis
from autograder.diagnosis.locations import Locations, locations
from autograder.diagnosis.numbers import mismatch
from autograder.diagnosis.permutations import signs
from autograder.diagnosis.shapes import contents
from autograder.diagnosis.steps import steps

_RIGHT, _WRONG = 6, 4
"""Least number of right entries outside the location, and of wrong entries, over all cases."""

_INSIDE: tuple[Callable[[Evidence], Iterator[Hypothesis | None]], ...] = (
    contents, signs, factor, inputs_as_factors, offsets, steps,
)  # fmt: skip


def regions(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield a hypothesis for each location that holds all wrong entries and is mostly wrong, in every failing case."""
    names = _fitting(evidence)
    inside = _explain_entries(evidence) if names else None
    for name in names:
        text = f"{evidence.subject} is right but {name}."
        if inside is not None:
            text = f"{evidence.subject} is right but {name}: there {inside.words}"
        yield hypothesis(
            "pattern", "region", evidence, text, lambda view: True, partial(_holds_in, name, inside), False
        )


def _holds_in(name: str, inside: Hypothesis | None, evidence: Evidence) -> bool:
    """Return whether all wrong entries lie in the location, and the hypothesis about them holds."""
    for item in evidence.failing:
        place = locations(item, evidence).get(name)
        if item.got is None or not item.fits or place is None or np.any(mismatch(item.got, item.want) & ~place):
            return False
    return inside is None or inside.holds(_wrong_entries(evidence))


def _fitting(evidence: Evidence) -> list[str]:
    """Return the names of the locations that hold all wrong entries, in the order of `locations`."""
    names: list[str] | None = None
    right: Counter[str] = Counter()
    wrong = 0
    for item in evidence.failing:
        if item.got is None or not item.fits or item.want.size < 2:
            return []
        off, found = mismatch(item.got, item.want), locations(item, evidence)
        names = [name for name in (found if names is None else names) if _covers(off, found, name)]
        right.update({name: int(np.sum(~found[name])) for name in names})
        wrong += int(np.sum(off))
    return [name for name in names or () if right[name] >= _RIGHT and wrong >= _WRONG]


def _covers(off: np.ndarray, found: Locations, name: str) -> bool:
    """Return whether the location holds all wrong entries and is at least half wrong."""
    place = found.get(name)
    return place is not None and not np.any(off & ~place) and bool(np.sum(off) * 2 >= np.sum(place))


def _explain_entries(evidence: Evidence) -> Hypothesis | None:
    """Return the first hypothesis about the wrong entries alone."""
    wrong_entries = _wrong_entries(evidence)
    return next((found for family in _INSIDE for found in family(wrong_entries) if found), None)


def _wrong_entries(evidence: Evidence) -> Evidence:
    """Limit the evidence to the wrong entries of the wrong items."""
    return replace(evidence, items=tuple(map(_wrong_part, evidence.failing)), prefix="", circumstance="")


def _wrong_part(item: Item) -> Item:
    if item.got is None or not item.fits:
        return item
    off = mismatch(item.got, item.want)
    inputs = {name: value[off] if isinstance(value, np.ndarray) and value.shape == item.want.shape else value
              for name, value in item.inputs.items()}  # fmt: skip
    return replace(item, inputs=inputs, got=item.got[off], want=item.want[off])
