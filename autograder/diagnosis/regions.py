"""Wrong in one place only, and what is wrong there."""

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
from autograder.diagnosis.locations import Places, locations
from autograder.diagnosis.numbers import is_off
from autograder.diagnosis.permutations import signs
from autograder.diagnosis.shapes import contents
from autograder.diagnosis.steps import steps

_RIGHT, _WRONG = 6, 4
"""Entries outside and inside that must bear a place out, over all cases."""

_INSIDE: tuple[Callable[[Evidence], Iterator[Hypothesis | None]], ...] = (
    contents, signs, factor, inputs_as_factors, offsets, steps,
)  # fmt: skip


def regions(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Every place that holds all wrong entries and hardly a right one, in every case that fails."""
    names = _fitting(evidence)
    inside = _explained(evidence) if names else None
    for name in names:
        text = f"{evidence.subject} is right but {name}."
        if inside is not None:
            text = f"{evidence.subject} is right but {name}: there {inside.words}"
        yield hypothesis(
            "pattern", "region", evidence, text, lambda view: True, partial(_is_there, name, inside), False
        )


def _is_there(name: str, inside: Hypothesis | None, evidence: Evidence) -> bool:
    """Whether all that is wrong lies in this place, and is there what was said of it."""
    for item in evidence.failing:
        place = locations(item, evidence).get(name)
        if item.got is None or not item.fits or place is None or np.any(is_off(item.got, item.want) & ~place):
            return False
    return inside is None or inside.holds(_narrowed(evidence))


def _fitting(evidence: Evidence) -> list[str]:
    """The names of the places, the nearest first."""
    names: list[str] | None = None
    right: Counter[str] = Counter()
    wrong = 0
    for item in evidence.failing:
        if item.got is None or not item.fits or item.want.size < 2:
            return []
        off, found = is_off(item.got, item.want), locations(item, evidence)
        names = [name for name in (found if names is None else names) if _holds(off, found, name)]
        right.update({name: int(np.sum(~found[name])) for name in names})
        wrong += int(np.sum(off))
    return [name for name in names or () if right[name] >= _RIGHT and wrong >= _WRONG]


def _holds(off: np.ndarray, found: Places, name: str) -> bool:
    """Whether the place holds all that is wrong, and is mostly wrong."""
    place = found.get(name)
    return place is not None and not np.any(off & ~place) and bool(np.sum(off) * 2 >= np.sum(place))


def _explained(evidence: Evidence) -> Hypothesis | None:
    """What the wrong entries have in common."""
    narrowed = _narrowed(evidence)
    return next((found for family in _INSIDE for found in family(narrowed) if found), None)


def _narrowed(evidence: Evidence) -> Evidence:
    """The facts about the wrong entries alone, as if there were no others."""
    return replace(evidence, items=tuple(map(_wrong_part, evidence.failing)), prefix="", circumstance="")


def _wrong_part(item: Item) -> Item:
    if item.got is None or not item.fits:
        return item
    off = is_off(item.got, item.want)
    inputs = {name: value[off] if isinstance(value, np.ndarray) and value.shape == item.want.shape else value
              for name, value in item.inputs.items()}  # fmt: skip
    return replace(item, inputs=inputs, got=item.got[off], want=item.want[off])
