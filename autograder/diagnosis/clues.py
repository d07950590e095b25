"""Hypotheses that narrow the search: where the wrong entries lie, what all errors have in common, on what they depend.

What an output depends on is found by calling answer and reference with one input changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from autograder.checks.variant import name_outputs
from autograder.diagnosis.evidence import Evidence, Item, axis_names, equal, with_defaults
from autograder.diagnosis.factors import factor, inputs_as_factors, ratio_of
from autograder.diagnosis.forms import join, signs, steps, zeros
from autograder.diagnosis.hypothesis import Hypothesis, hypothesis
from autograder.diagnosis.other_inputs import pick
from autograder.diagnosis.other_shapes import can_redraw, failing_fact, holds_in_all_failing, redrawn_trial
from autograder.numeric.compare import mismatch
from autograder.spec.exercise import Inputs, Outputs


def _locations(item: Item, evidence: Evidence) -> dict[str, np.ndarray]:
    """Return the named locations of the item's output as masks: by input values, then by index."""
    shape = item.want.shape
    found: dict[str, Any] = dict(_by_value(item, shape)) if shape else {}
    names = axis_names(evidence.axes, evidence.output, len(shape))
    for position, name, length in zip(np.indices(shape), names, shape, strict=True):
        found[f"at the last place along {name}"] = position == length - 1
        found[f"at the first place along {name}"] = position == 0
        found[f"after the first place along {name}"] = position > 0
        found[f"before the last place along {name}"] = position < length - 1
    return found


def _by_value(item: Item, shape: tuple[int, ...]) -> Iterator[tuple[str, np.ndarray]]:
    """Yield name and mask of the entries where an input, or a difference of two, is negative, positive or large."""
    given = with_defaults(item.function, item.inputs)
    arrays = {name: value for name, value in given.items()
              if isinstance(value, np.ndarray) and value.shape == shape and value.dtype.kind == "f"}  # fmt: skip
    pairs = {f"{a} - {b}": arrays[a] - arrays[b] for a, b in combinations(arrays, 2)}
    limits = {"1": 1.0} | {name: value for name, value in given.items() if isinstance(value, float) and value > 0}
    for name, value in (arrays | pairs).items():
        yield from ((f"where {name} {sign} 0", compare(value, 0.0)) for sign, compare in _SIGNS)
        for limit, number in limits.items():
            yield from ((f"where {shown} {sign} {limit}", compare(size, number))
                        for shown, size in ((name, value), (f"|{name}|", np.abs(value)))
                        for sign, compare in _SIGNS[:2])  # fmt: skip


_SIGNS: tuple[tuple[str, Callable[[np.ndarray, float], np.ndarray]], ...] = (
    ("<", np.less), (">", np.greater), ("<=", np.less_equal), (">=", np.greater_equal), ("is", np.equal),
    ("is not", np.not_equal))  # fmt: skip

_RIGHT, _WRONG = 6, 4
"""Least number of right entries outside the location, and of wrong entries, over all cases."""

_INSIDE = (zeros, signs, factor, inputs_as_factors, steps)


def regions(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield a hypothesis for each location that holds all wrong entries, and mostly these, in every failing case."""
    names = _fitting(evidence)
    entries = _wrong_entries(evidence) if names else evidence
    inside = next((found for family in _INSIDE for found in family(entries) if found), None) if names else None
    for name in names:
        text = f"{evidence.subject} is right but {name}{f': there {inside.words}' if inside else '.'}"
        yield hypothesis("pattern", "region", evidence, text, lambda view: True, partial(_holds_in, name, inside))


def _holds_in(name: str, inside: Hypothesis | None, evidence: Evidence) -> bool:
    """Return whether all wrong entries lie in the location, no right case contradicts and the clue `inside` holds."""
    if name in _contradicted(evidence):
        return False
    for item in evidence.failing:
        place = _locations(item, evidence).get(name)
        if item.got is None or not item.fits or place is None or np.any(mismatch(item.got, item.want) & ~place):
            return False
    return inside is None or inside.holds(_wrong_entries(evidence))


def _fitting(evidence: Evidence) -> list[str]:
    """Return the names of the locations that hold all wrong entries and of whose entries at least half are wrong."""
    names: list[str] | None = None
    right: Counter[str] = Counter()
    wrong = 0
    for item in evidence.failing:
        if item.got is None or not item.fits or item.want.size < 2:
            return []
        off = mismatch(item.got, item.want)
        found = {name: place for name, place in _locations(item, evidence).items()
                 if not np.any(off & ~place) and np.sum(off) * 2 >= np.sum(place)}  # fmt: skip
        names = [name for name in (found if names is None else names) if name in found]
        right.update({name: int(np.sum(~found[name])) for name in names})
        wrong += int(np.sum(off))
    names = [name for name in names or () if right[name] >= _RIGHT and wrong >= _WRONG]
    contradicted = _contradicted(evidence) if names else set()
    return [name for name in names if name not in contradicted]


def _contradicted(evidence: Evidence) -> set[str]:
    """Return the names of the locations in which a right item has several entries other than 0, so that the location is
    not what makes an entry wrong."""
    whole = ((item, _locations(item, evidence)) for item in evidence.items if item.right)
    return {name for item, found in whole for name, place in found.items() if np.count_nonzero(item.want[place]) > 1}


def _wrong_entries(evidence: Evidence) -> Evidence:
    """Return the evidence reduced to the wrong entries of the wrong items."""
    items = []
    for item in evidence.failing:
        if item.got is not None and item.fits:
            off = mismatch(item.got, item.want)
            inputs = {name: value[off] if isinstance(value, np.ndarray) and value.shape == off.shape else value
                      for name, value in item.inputs.items()}  # fmt: skip
            item = replace(item, inputs=inputs, got=item.got[off], want=item.want[off])
        items.append(item)
    return replace(evidence, items=tuple(items), prefix="", circumstance="")


def state_errors(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that of an output only the state carried from step to step is wrong."""

    def follows(view: Evidence) -> bool:
        return bool(view.failing_cases) and not view.without_output and all(item.right for item in view.items)

    others = [name for name in evidence.function.outputs if name != evidence.output]
    if len(others) == 1 and any(item.step > 1 for item in evidence.items) and follows(evidence):
        words = f"Every step of {evidence.subject} is right for the {others[0]} that you carry into it: repair that."
        yield Hypothesis("pattern", "state", words, follows)


def circumstances(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that names the circumstance of the failing cases."""
    words = failing_fact(evidence)
    if words:
        text = f"Of all cases exactly those fail {words}."
        yield Hypothesis("pattern", "cases", text, lambda other: holds_in_all_failing(other, words))


def difference_quotient(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that a gradient was computed from differences of the function's values."""
    if evidence.function.kind == "gradient" and evidence.failing and _is_imprecise(evidence):
        words = (f"{evidence.subject} passes with an error of 3e-13 or more where the derivative's formula leaves "
                 "1e-15, and fails where numbers are large or slopes small. Is it a difference quotient, (f(x + h) - "
                 "f(x - h)) / (2 * h)? Write the derivative as a formula: it has no h, and costs one pass instead of "
                 "two for each entry.")  # fmt: skip
        yield Hypothesis("pattern", "difference quotient", words, _is_imprecise)


def _is_imprecise(evidence: Evidence) -> bool:
    """Return whether most arrays that pass have errors of both signs far above rounding, as difference quotients do."""
    pairs = [(item.got, item.want) for item in evidence.items
             if item.right and item.got is not None and item.fits and item.want.any()]  # fmt: skip
    sizes = [float(np.max(np.abs(got - want)) / np.max(np.abs(want))) for got, want in pairs]
    if len(pairs) < 2 or np.median(sizes) < 3e-13:
        return False
    higher = np.concatenate([np.sign((got - want) * want)[got != want] > 0 for got, want in pairs])
    return len(higher) >= 8 and 0.05 < float(np.mean(higher)) < 0.95


def residuals(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses of one factor for each case, and of a factor or amount that varies along the fewest axes."""
    s = evidence.subject
    words = f"in each case all of {s} is off by one factor. What multiplies or divides all of it?"
    yield hypothesis("pattern", "one factor", evidence, words, _has_one_factor)
    dimensions = {item.want.ndim for item in evidence.failing}
    ndim = dimensions.pop() if len(dimensions) == 1 else 0
    names = axis_names(evidence.axes, evidence.output, ndim)
    for axes in (axes for count in range(1, ndim) for axes in combinations(range(ndim), count)):
        others = tuple(axis for axis in range(ndim) if axis not in axes)
        for what in ("a factor", "an amount"):
            words = f"{s} is off by {what} that differs along {join(names, axes)} and is the same along "
            test, retest = (partial(_is_fitted, axes, what == "a factor", enough) for enough in (True, False))
            yield hypothesis("pattern", f"{what.split()[1]} by axis", evidence, f"{words}{join(names, others)}.", test,
                             retest)  # fmt: skip


def _has_one_factor(evidence: Evidence) -> bool:
    """Return whether one factor for each case explains all entries, which are more than the factors."""
    counts = [int(np.count_nonzero(item.want)) for item in evidence.failing]
    enough = bool(counts) and min(counts) > 0 and sum(counts) >= len(counts) + 4
    return enough and all(ratio_of(item.got, item.want) for item in evidence.failing)  # 0 is no factor of its own


def _is_fitted(axes: tuple[int, ...], by_factor: bool, enough: bool, evidence: Evidence) -> bool:
    """Return whether a factor, or an added amount, for each place along the axes gives the output. enough: the output
    must have far more numbers than these places."""
    freedom = matched = 0
    for item in evidence.failing:
        got, want = item.got, item.want
        if got is None or not item.fits or want.ndim <= max(axes):
            return False
        if not np.isfinite(want).all():
            continue  # nan has no factor
        mean = partial(np.mean, axis=tuple(axis for axis in range(want.ndim) if axis not in axes), keepdims=True)
        explained = want + mean(got - want)
        if by_factor:
            explained = want * np.nan_to_num(mean(got * want) / mean(want * want))
        if not (np.all(np.isfinite(explained)) and equal(got, explained)):
            return False
        count = int(np.prod([want.shape[axis] for axis in axes]))
        if want.size > count:  # one number for each free factor would show nothing
            matched += int(np.count_nonzero(want))
            freedom += count
    return bool(evidence.failing) and (not enough or matched >= 2 * freedom + 4)


_CASES = 8
"""Most cases that are called again."""


def probes(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that the dependence on dout, on an argument or along an axis is wrong."""
    items = _items(evidence)
    if not items or evidence.was_stopped or not can_redraw(evidence.trial.variant):
        return
    s = evidence.subject
    if evidence.function.takes_cotangent:
        words = f"a gradient is proportional to dout: -2 times dout must give -2 times {s}, and does not."
        yield hypothesis("invariant", "proportional", evidence, words, _is_not_proportional)
    for name in items[0].inputs:
        words = f"{s} does not depend on {name}, and it should."
        yield _effect(evidence, words, "does not depend", name, _by_input, False)
        words = f"{s} depends on the numbers in {name}, and it should not."
        yield _effect(evidence, words, "depends", name, _by_input, True)
    for name in axis_names(evidence.axes, evidence.output, items[0].want.ndim):
        words = f"the places along {name} influence each other in {s}, and should not: each has its own result."
        yield _effect(evidence, words, "influence", name, _by_place, True)


def _items(evidence: Evidence) -> list[Item]:
    """Return the first _CASES items whose calls can be repeated with changed inputs, the wrong ones first."""
    return [item for item in evidence.items if item.step == 1 and item.fits and not item.place][:_CASES]


def _is_not_proportional(evidence: Evidence) -> bool:
    """Return whether the answer is not proportional to dout in any failing case."""
    failing = [item for item in _items(evidence) if not item.right]
    pairs = [(item, _call_changed(evidence, item, "dout", {"dout": -2 * item.inputs["dout"]})) for item in failing]
    return bool(pairs) and all(pair is not None and item.got is not None and not equal(pair[0], -2 * item.got)
                               for item, pair in pairs)  # fmt: skip


Effect = Callable[[Evidence, Item, str], tuple[bool, bool] | None]
"""Return whether a change affects the answer, and the reference; None where it does not apply."""


def _effect(evidence: Evidence, words: str, kind: str, name: str, effect: Effect, mine: bool) -> Hypothesis | None:
    """Return the hypothesis that a change affects only the answer (if `mine`) or only the reference (otherwise)."""
    mover, rest = (0, 1) if mine else (1, 0)

    def affected(view: Evidence, which: int) -> bool:
        found = (effect(view, item, name) for item in _items(view))
        return any(pair is not None and pair[which] for pair in found)

    return hypothesis("pattern", kind, evidence, words, lambda view: not affected(view, rest) and affected(view, mover),
                      lambda view: not affected(view, rest))  # fmt: skip


def _by_input(evidence: Evidence, item: Item, name: str) -> tuple[bool, bool] | None:
    other = _redrawn(evidence, item, name)
    pair = None if other is None else _call_changed(evidence, item, f"other {name}", {name: other})
    if pair is None or item.got is None:
        return None
    return not equal(pair[0], item.got), not equal(pair[1], item.want)


def _by_place(evidence: Evidence, item: Item, axis: str) -> tuple[bool, bool] | None:
    """Return whether redrawing the inputs at index 0 of an axis affects the other results, of answer and reference."""
    names = axis_names(evidence.axes, evidence.output, item.want.ndim)
    changed = _first_redrawn(evidence, item, axis)
    if item.got is None or axis not in names or not changed or item.want.shape[names.index(axis)] < 2:
        return None
    pair = _call_changed(evidence, item, f"first along {axis}", changed)
    rest = tuple(slice(1, None) if name == axis else slice(None) for name in names)
    if pair is None or pair[0].shape != item.want.shape:
        return None
    return not equal(pair[0][rest], item.got[rest]), not equal(pair[1][rest], item.want[rest])


def _redrawn(evidence: Evidence, item: Item, name: str) -> object | None:
    """Return another value of the argument, of the same shape; None where the case has no other."""
    inputs = redrawn_trial(evidence.trial, item.function).variant.calls(item.function, item.case)[0].inputs
    old, new = item.inputs.get(name), inputs.get(name)
    if isinstance(old, float) and old == new:
        return old * 0.25
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        return new if old.shape == new.shape and not np.array_equal(old, new) else None
    return new if isinstance(old, float) else None


def _first_redrawn(evidence: Evidence, item: Item, axis: str) -> Inputs:
    """Return the inputs that have the axis, with the entries at index 0 of it redrawn."""
    changed: Inputs = {}
    for name, value in item.inputs.items():
        names = axis_names(evidence.axes, name, np.ndim(value)) if isinstance(value, np.ndarray) else ()
        other = _redrawn(evidence, item, name) if axis in names else None
        if other is not None:
            place = tuple(slice(0, 1) if each == axis else slice(None) for each in names)
            changed[name] = np.array(value)
            changed[name][place] = np.asarray(other)[place]
    return changed


def _call_changed(evidence: Evidence, item: Item, key: str, changed: Inputs) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the outputs of answer and reference for changed inputs; None where either has no output."""
    inputs = item.inputs | changed

    def outputs() -> tuple[Outputs | None, Outputs | None]:
        if (right := item.counterfactuals.compute(item.function, inputs)) is None:
            return None, None
        evidence.spend()
        return name_outputs(item.function, evidence.trial.call(item.function, inputs, expected=item.truth)), right

    calls = evidence.trial.once(f"probe {item.function.name} {item.case.name} {key}", outputs)
    mine, right = (pick(made, evidence.output, item) for made in calls)
    return None if mine is None or right is None else (mine, right)
