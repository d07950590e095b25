"""The facts about one failing output: what went in, what came back and what is right, call by call.

A later step is measured by what is right for the state that the answer itself has carried so far.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.checks.judge import examine
from autograder.checks.trial import CaseResult, Trial
from autograder.checks.variant import Call, Inputs, Outputs, feed, reference
from autograder.diagnosis.axes import sizes
from autograder.diagnosis.counterfactual import Counterfactuals
from autograder.diagnosis.numbers import as_array, is_off, weight
from autograder.errors import GraderFault, Unrecorded
from autograder.implementation import Stopped
from autograder.numeric.compare import compare
from autograder.spec.function import Case, Function

Place = tuple[str | int, ...]

ENOUGH = 6
"""How much must be wrong in one way before it is no coincidence: two numbers drawn at random, or six simple ones."""


@dataclass(frozen=True, eq=False)
class Item:
    """One array of one call.

    place: where it lies in a list or dict, () when the output is the array. truth: all right outputs for these inputs.
    raw: as it came back; got: that as float64, None where it is no array of a size worth looking at. want: float64.
    elsewhere: what else could have come out.
    """

    function: Function
    case: Case
    step: int
    place: Place
    inputs: Inputs
    truth: Outputs
    raw: Any
    got: np.ndarray | None
    want: np.ndarray
    right: bool
    counterfactuals: Counterfactuals

    @property
    def fits(self) -> bool:
        """Whether it has the right shape."""
        return self.got is not None and self.got.shape == self.want.shape


@dataclass(frozen=True, eq=False)
class Evidence:
    """All that is known of one output. items: of the cases that have one truth, the wrong ones first.

    silent: how many cases gave nothing. wrong: the names of all failing cases. subject: what the sentences are about.
    open: measured numbers may be told. narrow: only the wrong items are looked at. prefix: says so.
    circumstance: what parts the failing cases from the others, where the prefix tells it.
    """

    trial: Trial
    function: Function
    output: str
    items: tuple[Item, ...]
    silent: int
    wrong: frozenset[str]
    subject: str
    open: bool
    narrow: bool = False
    prefix: str = ""
    circumstance: str = ""

    @cached_property
    def failing(self) -> tuple[Item, ...]:
        """The items that are wrong."""
        return tuple(item for item in self.items if not item.right)

    @cached_property
    def weight(self) -> int:
        """How much it means to explain what is wrong: three for a number drawn at random, one for a simple one."""
        found = 0
        for item in self.failing:
            off = is_off(item.got, item.want) if item.got is not None and item.fits else np.ones(0, bool)
            found += weight(item.want[off] if off.any() else item.want.ravel())
        return found

    @property
    def telling(self) -> bool:
        """Whether more is wrong than a number or two that could be met by chance."""
        return self.weight >= ENOUGH

    @property
    def ended(self) -> bool:
        """Whether a call had to be ended: then nothing more is asked."""
        seen = (self.trial.call_case(self.function, case) for case in self.function.cases)
        return any(isinstance(item.outcome, Stopped) for item in seen)

    @property
    def axes(self) -> Mapping[str, str]:
        """Names of the axes, by argument."""
        return self.trial.exercise.axes


def gather(trial: Trial, function: Function, output: str, counterfactuals: Counterfactuals) -> Evidence:
    """The facts about this output of the function, over its cases."""
    seen = [trial.call_case(function, case) for case in function.cases]
    wrong = frozenset(item.case.name for item in seen if examine(trial, item, output))
    told = [item for item in seen if item.outputs is not None and output not in item.case.accept]
    items = [found for item in told for found in _items(trial, item, output, counterfactuals)]
    hidden = any(not item.case.public for item in seen if item.case.name in wrong)
    silent = sum(item.outputs is None for item in seen)
    prefix = "where it returns something, " if silent else ""
    ordered = tuple(sorted(items, key=lambda item: item.right))
    return Evidence(trial, function, output, ordered, silent, wrong, output, trial.reveal or not hidden, prefix=prefix)


def _items(trial: Trial, seen: CaseResult, output: str, counterfactuals: Counterfactuals) -> Iterator[Item]:
    state: Outputs = {}
    tolerance = trial.exercise.tolerance
    for step, (outputs, calls) in enumerate(zip(seen.outputs or (), seen.calls, strict=False), 1):
        call = _local(seen.function, calls, state)
        if call is None:
            return
        state = feed(calls.inputs, outputs)
        for place, raw, want in _leaves(outputs[output], call.expected[output]):
            wanted = np.asarray(want, np.float64)
            got = as_array(raw, 64 * wanted.size + 4096)
            right = compare("", raw, want, tolerance.rtol, tolerance.atol) is None
            yield Item(seen.function, seen.case, step, place, call.inputs, call.expected, raw, got, wanted,
                       right, counterfactuals)  # fmt: skip


def _local(function: Function, calls: Call, state: Outputs) -> Call | None:
    """The question as the answer met it; None when the reference has no answer to that."""
    if not state:
        return calls
    try:
        return Call(calls.inputs | state, reference(function, calls.inputs | state))
    except (GraderFault, Unrecorded):
        return None


def _leaves(raw: Any, want: Any, place: Place = ()) -> Iterator[tuple[Place, Any, Any]]:
    """Every number and array of the expected output, with what stands in its place."""
    if isinstance(want, Mapping):
        for key, value in want.items():
            yield from _leaves(raw.get(key) if isinstance(raw, Mapping) else None, value, (*place, key))
    elif isinstance(want, list | tuple):
        whole = isinstance(raw, list | tuple) and len(raw) == len(want)
        for number, value in enumerate(want):
            yield from _leaves(raw[number] if whole else None, value, (*place, number))
    elif as_array(want) is not None:
        yield place, raw, want


def vocabulary(evidence: Evidence) -> tuple[str, ...]:
    """The names that mean something of their own: of two that agree in every case of the function, the first."""
    known = [
        sizes(evidence.function, evidence.trial.variant.calls(evidence.function, case)[0].inputs, evidence.axes)
        for case in evidence.function.cases
    ]
    kept: list[str] = []
    for name in dict.fromkeys(name for size in known for name in size):
        if not any(all(size.get(name) in (None, size.get(other, size.get(name))) for size in known) for other in kept):
            kept.append(name)
    return tuple(kept)
