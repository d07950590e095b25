"""Hypotheses about the residual of unexplained outputs: its first step, one factor or offset, its axes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations

import numpy as np

from autograder.diagnosis.axes import axis_names
from autograder.diagnosis.circumstances import failing_circumstance
from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.factors import ratio_of
from autograder.diagnosis.hypothesis import Hypothesis, hypothesis
from autograder.diagnosis.numbers import equal, isclose
from autograder.diagnosis.permutations import join

Fit = Callable[[np.ndarray, np.ndarray, tuple[int, ...]], np.ndarray]


def state_errors(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that only the carried state is wrong, or that only later steps are."""
    if not evidence.items or max(item.step for item in evidence.items) == 1:
        return
    others = [name for name in evidence.function.outputs if name != evidence.output]
    if len(others) == 1 and _follows(evidence):
        words = f"Every step of {evidence.subject} is right for the {others[0]} that you carry into it: repair that."
        yield Hypothesis("pattern", "state", words, _follows)
    words = f"{evidence.subject} is right at the first step and wrong later: what do the steps hand on to each other?"
    yield hypothesis("pattern", "later steps", evidence, words, _is_right_at_first)


def _follows(evidence: Evidence) -> bool:
    return bool(evidence.failing_cases) and not evidence.without_output and all(item.right for item in evidence.items)


def _is_right_at_first(evidence: Evidence) -> bool:
    starts = {item.case.name for item in evidence.items if item.step == 1 and item.right}
    several = [item for item in evidence.items if item.case.name in evidence.failing_cases]
    return bool(several) and all(item.case.steps > 1 and item.case.name in starts for item in several)


def circumstances(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that names the circumstance of the failing cases."""
    words = failing_circumstance(evidence)
    if words:
        text = f"Of all cases exactly those fail {words}."
        yield Hypothesis("pattern", "cases", text, lambda other: failing_circumstance(other) == words)


def difference_quotient(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that a gradient was computed from differences of the function's values."""
    if evidence.function.kind == "gradient" and evidence.failing and _is_imprecise(evidence):
        s = evidence.subject
        words = (
            f"{s} passes with an error of 3e-13 or more where the derivative's formula leaves 1e-15, and fails where "
            f"numbers are large or slopes small. Is it a difference quotient, (f(x + h) - f(x - h)) / (2 * h)? Write "
            f"the derivative as a formula: it has no h, and costs one pass instead of two for each entry."
        )
        yield Hypothesis("pattern", "difference quotient", words, _is_imprecise)


def _is_imprecise(evidence: Evidence) -> bool:
    """Return whether most right arrays have an error far above rounding, above and below what is expected where there
    are enough numbers to tell."""
    pairs = [(item.got, item.want) for item in evidence.items
             if item.right and item.got is not None and item.fits and item.want.any()]  # fmt: skip
    sizes = [float(np.max(np.abs(got - want)) / np.max(np.abs(want))) for got, want in pairs]
    above = [np.sign((got - want) * want)[got != want] > 0 for got, want in pairs]
    if len(pairs) < 2 or np.median(sizes) < 3e-13:
        return False
    higher = np.concatenate(above)
    return len(higher) < 8 or 0.05 < float(np.mean(higher)) < 0.95


def residuals(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses of misplaced numbers, and of unnamed factors and offsets, over all or along axes."""
    s = evidence.subject
    words = f"{s} holds exactly the right numbers, but not in their places."
    yield hypothesis("pattern", "scattered", evidence, words, lambda view: all(map(_is_scattered, view.items)))
    yield _constant_factor(evidence)
    words = f"in each case all of {s} is off by one factor. What multiplies or divides all of it?"
    yield hypothesis("pattern", "one factor", evidence, words, _has_one_factor)
    words = f"in each case all of {s} is off by the same amount. What is added to all of it?"
    yield hypothesis("pattern", "one amount", evidence, words, _has_one_amount)
    yield from _by_axis(evidence)


def _constant_factor(evidence: Evidence) -> Hypothesis | None:
    """Return the hypothesis of one constant factor, where measured numbers may be shown."""
    failing = evidence.failing
    ratio = ratio_of(failing[0].got, failing[0].want) if failing else None
    if ratio is None or not evidence.show_numbers:
        return None
    words = f"{evidence.subject} is off by a constant factor of {ratio:.6g} in each case."

    def test(view: Evidence) -> bool:
        found = [ratio_of(item.got, item.want) for item in view.failing]
        return _has_one_factor(view) and all(r is not None and isclose(r, ratio) for r in found)

    return hypothesis("pattern", "constant", evidence, words, test)


def _has_one_factor(evidence: Evidence) -> bool:
    return _is_more_than_one(evidence) and all(ratio_of(item.got, item.want) is not None for item in evidence.failing)


def _has_one_amount(evidence: Evidence) -> bool:
    return _is_more_than_one(evidence) and all(
        item.got is not None and item.fits and np.isfinite(amount := np.mean(item.got - item.want))
        and equal(item.got, item.want + amount)
        for item in evidence.failing
    )  # fmt: skip


def _is_more_than_one(evidence: Evidence) -> bool:
    """Return whether there are more entries than one free number for each case can explain."""
    counts = [int(np.count_nonzero(item.want)) for item in evidence.failing]
    return bool(counts) and min(counts) > 0 and sum(counts) >= len(counts) + 4


def _is_scattered(item: Item) -> bool:
    return item.got is not None and item.fits and equal(np.sort(item.got, axis=None), np.sort(item.want, axis=None))


def _by_axis(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses of a factor or offset that varies along some axes only, the fewest axes first."""
    ndim = evidence.items[0].want.ndim if evidence.items else 0
    names = axis_names(evidence.axes, evidence.output, ndim)
    for axes in (axes for count in range(1, ndim) for axes in combinations(range(ndim), count)):
        others = tuple(axis for axis in range(ndim) if axis not in axes)
        for what, fit in (("a factor", _quotients), ("an amount", _differences)):
            words = (
                f"{evidence.subject} is off by {what} that differs along {join(names, axes)} and is the same along "
                f"{join(names, others)}."
            )
            yield hypothesis(
                "pattern", f"{what.split()[1]} by axis", evidence, words,
                partial(_is_fitted, axes, fit),
            )  # fmt: skip


def _is_fitted(axes: tuple[int, ...], fit: Fit, evidence: Evidence) -> bool:
    freedom = matched = 0
    for item in evidence.failing:
        if item.got is None or not item.fits or item.want.ndim <= max(axes):
            return False
        others = tuple(axis for axis in range(item.want.ndim) if axis not in axes)
        explained = fit(item.got, item.want, others)
        if not (np.all(np.isfinite(explained)) and equal(item.got, explained)):
            return False
        matched += int(np.count_nonzero(item.want))
        freedom += int(np.prod([item.want.shape[axis] for axis in axes]))
    return bool(evidence.failing) and matched >= 2 * freedom + 4


def _quotients(got: np.ndarray, want: np.ndarray, others: tuple[int, ...]) -> np.ndarray:
    square = np.sum(want * want, axis=others, keepdims=True)
    return np.asarray(want * np.where(square > 0, np.sum(got * want, axis=others, keepdims=True) / square, 0.0))


def _differences(got: np.ndarray, want: np.ndarray, others: tuple[int, ...]) -> np.ndarray:
    return np.asarray(want + np.mean(got - want, axis=others, keepdims=True))
