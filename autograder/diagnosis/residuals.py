"""What is left when nothing explains the numbers: where they start to go wrong, and what they still share with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations

import numpy as np

from autograder.diagnosis.axes import axis_names
from autograder.diagnosis.circumstances import parting
from autograder.diagnosis.hypothesis import Hypothesis, hypothesis
from autograder.diagnosis.factors import ratio_of
from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.permutations import listed
from autograder.diagnosis.numbers import alike, close

Spread = Callable[[np.ndarray, np.ndarray, tuple[int, ...]], np.ndarray]


def carried(facts: Evidence) -> Iterator[Hypothesis | None]:
    """Right for the state that was carried, or right at the first step only."""
    if not facts.items or max(item.step for item in facts.items) == 1:
        return
    others = [name for name in facts.function.outputs if name != facts.output]
    if len(others) == 1 and _follows(facts):
        words = f"Every step of {facts.subject} is right for the {others[0]} that you carry into it: repair that."
        yield Hypothesis("pattern", "state", words, _follows)
    words = f"{facts.subject} is right at the first step and wrong later: what do the steps hand on to each other?"
    yield hypothesis("pattern", "later steps", facts, words, _is_right_at_first)


def _follows(facts: Evidence) -> bool:
    return bool(facts.wrong) and not facts.silent and all(item.right for item in facts.items)


def _is_right_at_first(facts: Evidence) -> bool:
    starts = {item.case.name for item in facts.items if item.step == 1 and item.right}
    several = [item for item in facts.items if item.case.name in facts.wrong]
    return bool(several) and all(item.case.steps > 1 and item.case.name in starts for item in several)


def circumstances(facts: Evidence) -> Iterator[Hypothesis | None]:
    """Which cases fail, where one circumstance tells."""
    words = parting(facts)
    if words:
        text = f"Of all cases exactly those fail {words}."
        yield Hypothesis("pattern", "cases", text, lambda other: parting(other) == words)


def residuals(facts: Evidence) -> Iterator[Hypothesis | None]:
    """The same numbers elsewhere; a factor or an offset that has no name; one for each row, column or channel."""
    s = facts.subject
    words = f"{s} holds exactly the right numbers, but not in their places."
    yield hypothesis("pattern", "scattered", facts, words, lambda view: all(map(_is_scattered, view.items)))
    yield _constant(facts)
    words = f"in each case all of {s} is off by one factor. What multiplies or divides all of it?"
    yield hypothesis("pattern", "one factor", facts, words, _has_one_factor)
    words = f"in each case all of {s} is off by the same amount. What is added to all of it?"
    yield hypothesis("pattern", "one amount", facts, words, _has_one_amount)
    yield from _by_axis(facts)


def _constant(facts: Evidence) -> Hypothesis | None:
    """The number itself, where it is the same in each case and may be told."""
    failing = facts.failing
    ratio = ratio_of(failing[0].got, failing[0].want) if failing else None
    if ratio is None or not facts.open:
        return None
    words = f"{facts.subject} is off by a constant factor of {ratio:.6g} in each case."

    def test(view: Evidence) -> bool:
        found = [ratio_of(item.got, item.want) for item in view.failing]
        return _has_one_factor(view) and all(r is not None and close(r, ratio) for r in found)

    return hypothesis("pattern", "constant", facts, words, test)


def _has_one_factor(facts: Evidence) -> bool:
    return _is_more_than_one(facts) and all(ratio_of(item.got, item.want) is not None for item in facts.failing)


def _has_one_amount(facts: Evidence) -> bool:
    return _is_more_than_one(facts) and all(
        item.got is not None and item.fits and np.isfinite(amount := np.mean(item.got - item.want))
        and alike(item.got, item.want + amount)
        for item in facts.failing
    )  # fmt: skip


def _is_more_than_one(facts: Evidence) -> bool:
    """Whether there is more to explain than one free number for each case."""
    counts = [int(np.count_nonzero(item.want)) for item in facts.failing]
    return bool(counts) and min(counts) > 0 and sum(counts) >= len(counts) + 4


def _is_scattered(item: Item) -> bool:
    return item.got is not None and item.fits and alike(np.sort(item.got, axis=None), np.sort(item.want, axis=None))


def _by_axis(facts: Evidence) -> Iterator[Hypothesis | None]:
    """One factor or amount for each place along some axes, the same along all others; the fewest such axes."""
    ndim = facts.items[0].want.ndim if facts.items else 0
    names = axis_names(facts.axes, facts.output, ndim)
    for axes in (axes for count in range(1, ndim) for axes in combinations(range(ndim), count)):
        others = tuple(axis for axis in range(ndim) if axis not in axes)
        for what, spread in (("a factor", _quotients), ("an amount", _differences)):
            words = (
                f"{facts.subject} is off by {what} that differs along {listed(names, axes)} and is the same along "
                f"{listed(names, others)}."
            )
            yield hypothesis(
                "pattern", f"{what.split()[1]} by axis", facts, words,
                partial(_is_spread, axes, spread),
            )  # fmt: skip


def _is_spread(axes: tuple[int, ...], spread: Spread, facts: Evidence) -> bool:
    freedom = matched = 0
    for item in facts.failing:
        if item.got is None or not item.fits or item.want.ndim <= max(axes):
            return False
        others = tuple(axis for axis in range(item.want.ndim) if axis not in axes)
        explained = spread(item.got, item.want, others)
        if not (np.all(np.isfinite(explained)) and alike(item.got, explained)):
            return False
        matched += int(np.count_nonzero(item.want))
        freedom += int(np.prod([item.want.shape[axis] for axis in axes]))
    return bool(facts.failing) and matched >= 2 * freedom + 4


def _quotients(got: np.ndarray, want: np.ndarray, others: tuple[int, ...]) -> np.ndarray:
    square = np.sum(want * want, axis=others, keepdims=True)
    return np.asarray(want * np.where(square > 0, np.sum(got * want, axis=others, keepdims=True) / square, 0.0))


def _differences(got: np.ndarray, want: np.ndarray, others: tuple[int, ...]) -> np.ndarray:
    return np.asarray(want + np.mean(got - want, axis=others, keepdims=True))
