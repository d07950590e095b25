"""Hypotheses about what the output depends on, found by calling answer and reference with one input changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from autograder.checks.variant import name_outputs
from autograder.diagnosis.axes import axis_names
from autograder.diagnosis.evidence import Evidence, Item, equal
from autograder.diagnosis.hypothesis import Hypothesis, hypothesis
from autograder.diagnosis.other_inputs import pick
from autograder.diagnosis.other_shapes import can_redraw, redrawn_variant
from autograder.implementation import Returned
from autograder.spec.exercise import Inputs, Outputs

_CASES = 8
"""Most cases that are called again."""

Pair = tuple[np.ndarray, np.ndarray]
"""The outputs of the answer and of the reference for changed inputs."""


def probes(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that the dependence on dout, on an argument or along an axis is wrong."""
    items = _items(evidence)
    if not items or evidence.was_stopped or not can_redraw(evidence.trial.variant):
        return
    s = evidence.subject
    if evidence.function.takes_cotangent:
        words = f"a gradient is proportional to dout: -2 times dout must give -2 times {s}, and does not."
        yield hypothesis(
            "invariant", "proportional", evidence, words, _is_not_proportional, _is_not_proportional, False
        )
    for name in items[0].inputs:
        words = f"{s} does not depend on {name}, and it should."
        yield _effect(evidence, words, "does not depend", name, _by_input, False)
        words = f"{s} depends on the numbers in {name}, and it should not."
        yield _effect(evidence, words, "depends", name, _by_input, True)
    for name in axis_names(evidence.axes, evidence.output, items[0].want.ndim):
        words = f"the places along {name} influence each other in {s}, and should not: each has its own result."
        yield _effect(evidence, words, "influence", name, _by_axis, True)
        words = f"the places along {name} should influence each other in {s}, and do not."
        yield _effect(evidence, words, "no influence", name, _by_axis, False)


def _items(evidence: Evidence) -> list[Item]:
    """Return the first items that can be called again, the wrong ones first."""
    return [item for item in evidence.items if item.step == 1 and item.fits and not item.place][:_CASES]


def _is_not_proportional(evidence: Evidence) -> bool:
    """Return whether the answer is proportional to dout in no case that fails."""
    failing = [item for item in _items(evidence) if not item.right]
    pairs = [(item, _call_changed(evidence, item, "dout", {"dout": -2 * item.inputs["dout"]})) for item in failing]
    return bool(pairs) and all(
        pair is not None and item.got is not None and not equal(pair[0], -2 * item.got) for item, pair in pairs
    )


Effect = Callable[[Evidence, Item, str], "tuple[bool, bool] | None"]
"""Return whether a change affects the answer, and the reference; None where it does not apply."""


def _effect(evidence: Evidence, words: str, kind: str, name: str, effect: Effect, mine: bool) -> Hypothesis | None:
    """Return the hypothesis that a change affects only the answer (if `mine`) or only the reference (otherwise)."""
    mover, rest = (0, 1) if mine else (1, 0)

    def affected(view: Evidence, which: int) -> bool:
        found = (effect(view, item, name) for item in _items(view))
        return any(pair is not None and pair[which] for pair in found)

    def still(view: Evidence) -> bool:
        return not affected(view, rest)

    def test(view: Evidence) -> bool:
        return still(view) and affected(view, mover)

    return hypothesis("pattern", kind, evidence, words, test, still, False)


def _by_input(evidence: Evidence, item: Item, name: str) -> tuple[bool, bool] | None:
    other = _redrawn(evidence, item, name)
    pair = None if other is None else _call_changed(evidence, item, f"other {name}", {name: other})
    if pair is None or item.got is None:
        return None
    return not equal(pair[0], item.got), not equal(pair[1], item.want)


def _by_axis(evidence: Evidence, item: Item, axis: str) -> tuple[bool, bool] | None:
    """Return whether redrawing the first place along the axis affects the results of the other places."""
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
    inputs = redrawn_variant(evidence.trial, item.function).calls(item.function, item.case)[0].inputs
    old, new = item.inputs.get(name), inputs.get(name)
    if isinstance(old, float) and old == new:
        return old * 0.25
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        return new if old.shape == new.shape and not np.array_equal(old, new) else None
    return new if isinstance(old, float) else None


def _first_redrawn(evidence: Evidence, item: Item, axis: str) -> Inputs:
    """Return the inputs that have the axis, with the first place along it redrawn."""
    changed: Inputs = {}
    for name, value in item.inputs.items():
        other = _redrawn(evidence, item, name) if isinstance(value, np.ndarray) else None
        names = axis_names(evidence.axes, name, np.ndim(value)) if other is not None else ()
        if axis in names:
            place = tuple(slice(0, 1) if each == axis else slice(None) for each in names)
            new = np.array(value)
            new[place] = np.asarray(other)[place]
            changed[name] = new
    return changed


def _call_changed(evidence: Evidence, item: Item, key: str, changed: Inputs) -> Pair | None:
    """Call answer and reference with changed inputs; None where one of them gives no output."""
    inputs = item.inputs | changed
    key = f"probe {item.function.name} {item.case.name} {key}"
    calls = evidence.trial.once(key, lambda: _outputs(evidence, item, inputs))
    mine, right = (pick(outputs, evidence.output, item) for outputs in calls)
    return None if mine is None or right is None else (mine, right)


def _outputs(evidence: Evidence, item: Item, inputs: Inputs) -> tuple[Outputs | None, Outputs | None]:
    right = item.counterfactuals.compute(item.function, inputs)
    if right is None:
        return None, None
    evidence.spend()
    outcome = evidence.trial.call(item.function, inputs, expected=item.truth)
    return name_outputs(item.function, outcome) if isinstance(outcome, Returned) else None, right
