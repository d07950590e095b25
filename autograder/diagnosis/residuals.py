"""What is left when nothing explains the numbers: where they start to go wrong, and what they still share with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations

import numpy as np

from autograder.diagnosis.axes import axis_names
from autograder.diagnosis.circumstances import parting
from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.factors import ratio_of
from autograder.diagnosis.hypothesis import Hypothesis, hypothesis
from autograder.diagnosis.numbers import alike, close
from autograder.diagnosis.permutations import listed

Spread = Callable[[np.ndarray, np.ndarray, tuple[int, ...]], np.ndarray]


def carried(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Right for the state that was carried, or right at the first step only."""
    if not evidence.items or max(item.step for item in evidence.items) == 1:
        return
    others = [name for name in evidence.function.outputs if name != evidence.output]
    if len(others) == 1 and _follows(evidence):
        words = f"Every step of {evidence.subject} is right for the {others[0]} that you carry into it: repair that."
        yield Hypothesis("pattern", "state", words, _follows)
    words = f"{evidence.subject} is right at the first step and wrong later: what do the steps hand on to each other?"
    yield hypothesis("pattern", "later steps", evidence, words, _is_right_at_first)


def _follows(evidence: Evidence) -> bool:
    return bool(evidence.wrong) and not evidence.silent and all(item.right for item in evidence.items)


def _is_right_at_first(evidence: Evidence) -> bool:
    starts = {item.case.name for item in evidence.items if item.step == 1 and item.right}
    several = [item for item in evidence.items if item.case.name in evidence.wrong]
    return bool(several) and all(item.case.steps > 1 and item.case.name in starts for item in several)


def circumstances(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Which cases fail, where one circumstance tells."""
    words = parting(evidence)
    if words:
        text = f"Of all cases exactly those fail {words}."
        yield Hypothesis("pattern", "cases", text, lambda other: parting(other) == words)


def residuals(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """The same numbers elsewhere; a factor or an offset that has no name; one for each row, column or channel."""
    s = evidence.subject
    words = f"{s} holds exactly the right numbers, but not in their places."
    yield hypothesis("pattern", "scattered", evidence, words, lambda view: all(map(_is_scattered, view.items)))
    yield _constant(evidence)
    words = f"in each case all of {s} is off by one factor. What multiplies or divides all of it?"
    yield hypothesis("pattern", "one factor", evidence, words, _has_one_factor)
    words = f"in each case all of {s} is off by the same amount. What is added to all of it?"
    yield hypothesis("pattern", "one amount", evidence, words, _has_one_amount)
    yield from _by_axis(evidence)


def _constant(evidence: Evidence) -> Hypothesis | None:
    """The number itself, where it is the same in each case and may be told."""
    failing = evidence.failing
    ratio = ratio_of(failing[0].got, failing[0].want) if failing else None
    if ratio is None or not evidence.open:
        return None
    words = f"{evidence.subject} is off by a constant factor of {ratio:.6g} in each case."

    def test(view: Evidence) -> bool:
        found = [ratio_of(item.got, item.want) for item in view.failing]
        return _has_one_factor(view) and all(r is not None and close(r, ratio) for r in found)

    return hypothesis("pattern", "constant", evidence, words, test)


def _has_one_factor(evidence: Evidence) -> bool:
    return _is_more_than_one(evidence) and all(ratio_of(item.got, item.want) is not None for item in evidence.failing)


def _has_one_amount(evidence: Evidence) -> bool:
    return _is_more_than_one(evidence) and all(
        item.got is not None and item.fits and np.isfinite(amount := np.mean(item.got - item.want))
        and alike(item.got, item.want + amount)
        for item in evidence.failing
    )  # fmt: skip


def _is_more_than_one(evidence: Evidence) -> bool:
    """Whether there is more to explain than one free number for each case."""
    counts = [int(np.count_nonzero(item.want)) for item in evidence.failing]
    return bool(counts) and min(counts) > 0 and sum(counts) >= len(counts) + 4


def _is_scattered(item: Item) -> bool:
    return item.got is not None and item.fits and alike(np.sort(item.got, axis=None), np.sort(item.want, axis=None))


def _by_axis(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """One factor or amount for each place along some axes, the same along all others; the fewest such axes."""
    ndim = evidence.items[0].want.ndim if evidence.items else 0
    names = axis_names(evidence.axes, evidence.output, ndim)
    for axes in (axes for count in range(1, ndim) for axes in combinations(range(ndim), count)):
        others = tuple(axis for axis in range(ndim) if axis not in axes)
        for what, spread in (("a factor", _quotients), ("an amount", _differences)):
            words = (
                f"{evidence.subject} is off by {what} that differs along {listed(names, axes)} and is the same along "
                f"{listed(names, others)}."
            )
            yield hypothesis(
                "pattern", f"{what.split()[1]} by axis", evidence, words,
                partial(_is_spread, axes, spread),
            )  # fmt: skip


def _is_spread(axes: tuple[int, ...], spread: Spread, evidence: Evidence) -> bool:
    freedom = matched = 0
    for item in evidence.failing:
        if item.got is None or not item.fits or item.want.ndim <= max(axes):
            return False
        others = tuple(axis for axis in range(item.want.ndim) if axis not in axes)
        explained = spread(item.got, item.want, others)
        if not (np.all(np.isfinite(explained)) and alike(item.got, explained)):
            return False
        matched += int(np.count_nonzero(item.want))
        freedom += int(np.prod([item.want.shape[axis] for axis in axes]))
    return bool(evidence.failing) and matched >= 2 * freedom + 4


def _quotients(got: np.ndarray, want: np.ndarray, others: tuple[int, ...]) -> np.ndarray:
    square = np.sum(want * want, axis=others, keepdims=True)
    return np.asarray(want * np.where(square > 0, np.sum(got * want, axis=others, keepdims=True) / square, 0.0))


def _differences(got: np.ndarray, want: np.ndarray, others: tuple[int, ...]) -> np.ndarray:
    return np.asarray(want + np.mean(got - want, axis=others, keepdims=True))
