"""Evidence about one failing output: the inputs, the returned and the expected values of every call.

The expected values of a later step are computed from the state that the answer itself returned before. Numbers are
compared to nine digits. Where parts of a list or dict are right in every case, the evidence is about the others.

Beside it stand the right outputs for changed inputs, and the outputs of known mistakes, computed when first needed. A
release has no reference to call: it offers the recorded outputs alone, above all those of known mistakes.

Axes and sizes have the names that the spec gives them, axes={"x": "B H W C"}; else "axis 1", and len(x) or x.shape[1].
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from autograder.checks.judge import examine
from autograder.checks.trial import CaseResult, Trial
from autograder.checks.variant import Variant, feed, invoke, name_outputs, reference
from autograder.errors import GraderFault, Unrecorded
from autograder.implementation import Stopped
from autograder.numeric.compare import compare, mismatch
from autograder.spec.exercise import Call, Inputs, Mistake, Outputs
from autograder.spec.function import Case, Function


def as_array(value: Any, most: int = 2**20) -> np.ndarray | None:
    """Convert a number or an array to float64; None for anything else, and for more than `most` entries."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.generic | np.ndarray):
        return None
    array = np.asarray(value)
    if array.dtype.kind not in "fiub" or array.size > most:
        return None
    return array.astype(np.float64)


def equal(got: np.ndarray | None, want: np.ndarray | None) -> bool:
    """Return whether shapes and numbers are equal, to nine digits of the largest; nan equals nan."""
    return got is not None and want is not None and got.shape == want.shape and not mismatch(got, want).any()


def significance(values: np.ndarray) -> int:
    """Return how little equality with these numbers can be chance, in points: 1 for each simple number (a small
    multiple of 1/8), 3 for each other distinct number."""
    values = values[np.isfinite(values)]
    simple = (np.abs(values) < 100) & (values * 8 == np.round(values * 8))
    return int(np.sum(simple)) + 3 * len(np.unique(values[~simple]))


Place = tuple[str | int, ...]

_TEST = 1000
"""Numbers that count as examined for each test, besides those that it compares."""

SIGNIFICANT = 6
"""Least significance that is not a coincidence: two wrong numbers drawn at random, or six simple ones."""


@dataclass(frozen=True, eq=False)
class Item:
    """One array or number in an output of one call, as returned and as expected."""

    function: Function
    case: Case
    step: int
    """Number of the call among those of the case, from 1."""
    place: Place
    """The keys and indices that lead to the array inside the output; () where the output is the array."""
    inputs: Inputs
    truth: Outputs
    """All expected outputs for these inputs."""
    raw: Any
    """The returned value."""
    got: np.ndarray | None
    """The returned value as float64; None where it is not an array or is too large."""
    want: np.ndarray
    """The expected value as float64."""
    right: bool
    """Whether the returned value agrees with the expected one within the tolerance."""
    counterfactuals: Counterfactuals

    @property
    def fits(self) -> bool:
        """Return whether the returned array has the expected shape."""
        return self.got is not None and self.got.shape == self.want.shape


@dataclass(frozen=True, eq=False)
class Evidence:
    """The data on one output of a function over its cases, from which a diagnosis is made."""

    trial: Trial
    function: Function
    output: str
    items: tuple[Item, ...]
    """The arrays of the cases with one right answer, the wrong ones first."""
    without_output: int
    """The number of cases without outputs."""
    failing_cases: frozenset[str]
    """The names of the cases that fail."""
    subject: str
    """The subject of the hint's sentences: the output or some of its parts."""
    with_several_answers: tuple[Item, ...] = ()
    """The arrays of the cases with several right answers, of which `want` holds only one."""
    failing_only: bool = False
    """Whether `items` is limited to the wrong ones."""
    prefix: str = ""
    """The beginning of the hint, which says of which cases it is true."""
    circumstance: str = ""
    """The circumstance named in the prefix; "" where there is none."""

    @cached_property
    def failing(self) -> tuple[Item, ...]:
        """Return the wrong items."""
        return tuple(item for item in self.items if not item.right)

    @cached_property
    def significance(self) -> int:
        """Return the significance of all wrong numbers: 3 for each number drawn at random, 1 for each simple one."""
        found = 0
        for item in self.failing:
            off = mismatch(item.got, item.want) if item.got is not None and item.fits else np.ones(0, bool)
            found += significance(item.want[off] if off.any() else item.want.ravel())
        return found

    @property
    def is_significant(self) -> bool:
        """Return whether so many numbers are wrong that one explanation of all of them cannot be a coincidence."""
        return self.significance >= SIGNIFICANT

    def spend(self, *items: Item) -> None:
        """Count the numbers of these items, or of all items, as examined; WorkSpent beyond the limit of a diagnosis."""
        for item in items or self.items:
            self.trial.work.spend(_TEST + item.want.size + (0 if item.got is None else item.got.size))

    @property
    def was_stopped(self) -> bool:
        """Return whether a call of the function was stopped; the answer is then not called again."""
        seen = (self.trial.call_case(self.function, case) for case in self.function.cases)
        return any(isinstance(item.outcome, Stopped) for item in seen)

    @property
    def axes(self) -> Mapping[str, str]:
        """Return argument → the names of its axes, as the exercise gives them."""
        return self.trial.exercise.axes


def gather(trial: Trial, function: Function, output: str, known_mistakes: KnownMistakes) -> Evidence:
    """Return the evidence about one output of the function, over all its cases.

    Of a dict or list only the wrong parts are in it, where some parts are right in every case.
    """
    counterfactuals = trial.once("counterfactuals", lambda: Counterfactuals(trial, known_mistakes))
    seen = [trial.call_case(function, case) for case in function.cases]
    failing_cases = frozenset(item.case.name for item in seen if examine(trial, item, output))
    without_output = sum(item.outputs is None for item in seen)
    parts = [part for item in seen for part in _items(trial, item, output, counterfactuals)]
    items = sorted((part for part in parts if output not in part.case.accept), key=lambda item: item.right)
    judged = tuple(part for part in parts if output in part.case.accept)
    subject, places = output, {item.place for item in items}
    wrong = {item.place for item in items if not item.right}
    if wrong and wrong != places and all(place and all(isinstance(p, str) for p in place) for place in places):
        items = [item for item in items if item.place in wrong]
        subject = " and ".join(output + "".join(f"[{part!r}]" for part in place) for place in sorted(wrong))
    prefix = "where it returns something, " if without_output else ""
    ordered = tuple(items)
    return Evidence(trial, function, output, ordered, without_output, failing_cases, subject, judged, prefix=prefix)


def _items(trial: Trial, seen: CaseResult, output: str, counterfactuals: Counterfactuals) -> Iterator[Item]:
    state: Outputs = {}
    tolerance = trial.exercise.tolerance
    for step, (outputs, call) in enumerate(zip(seen.outputs or (), seen.calls, strict=False), 1):
        if state:  # the expected outputs for the state that the answer returned
            try:
                call = Call(call.inputs | state, reference(seen.function, call.inputs | state))
            except (GraderFault, Unrecorded):
                return
        state = feed(call.inputs, outputs)
        for place, raw, want in leaves(outputs[output], call.expected[output]):
            want_array = np.asarray(want, np.float64)
            got = as_array(raw, 64 * want_array.size + 4096)
            right = compare("", raw, want, tolerance.rtol, tolerance.atol) is None
            yield Item(seen.function, seen.case, step, place, call.inputs, call.expected, raw, got, want_array,
                       right, counterfactuals)  # fmt: skip


def leaves(raw: Any, want: Any, place: Place = ()) -> Iterator[tuple[Place, Any, Any]]:
    """Yield every array and number of the expected output with its place and the returned value."""
    if isinstance(want, Mapping):
        for key, value in want.items():
            yield from leaves(raw.get(key) if isinstance(raw, Mapping) else None, value, (*place, key))
    elif isinstance(want, list | tuple):
        whole = isinstance(raw, list | tuple) and len(raw) == len(want)
        for number, value in enumerate(want):
            yield from leaves(raw[number] if whole else None, value, (*place, number))
    elif as_array(want) is not None:
        yield place, raw, want


Sizes = dict[str, float]


def axis_names(axes: Mapping[str, str], name: str, ndim: int) -> tuple[str, ...]:
    """Return the names of an array's axes, or "axis 1" and so on; dx has those of x, dout those of out."""
    known = axes.get(name, axes.get(name.removeprefix("d"), axes.get("out", "") if name == "dout" else ""))
    words = known.split()
    if len(words) == ndim:
        words = [word.removesuffix("...") for word in words]
    elif words and words[-1].endswith("..."):
        words = words[:-1] + [""] * (ndim - len(words) + 1)
    return tuple(word or f"axis {i}" for i, word in enumerate(words if len(words) == ndim else [""] * ndim))


def sizes(function: Function, inputs: Inputs, axes: Mapping[str, str]) -> Sizes:
    """Return name → number, for sizes of inputs and inputs that are numbers; ambiguous names are left out."""
    found: dict[str, set[float]] = {}
    for argument, value in sorted(with_defaults(function, inputs).items(), key=lambda pair: pair[0] == "dout"):
        for name, size in _of(argument, value, axes):
            found.setdefault(name, set()).add(size)
    return {name: size for name, values in found.items() if len(values) == 1 for size in values if size}


def with_defaults(function: Function, inputs: Inputs) -> Inputs:
    """Return the inputs together with the defaults of the arguments that the case leaves out."""
    return {**defaults(function.oracle), **inputs}


@cache
def defaults(oracle: Callable[..., object]) -> dict[str, object]:
    """Return the default values of the arguments that have one."""
    parameters = inspect.signature(oracle).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def _of(argument: str, value: object, axes: Mapping[str, str]) -> list[tuple[str, float]]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [(argument, float(value))]
    if not isinstance(value, np.ndarray) or not value.ndim:
        return []
    named = axes.get(argument, axes.get("out", "") if argument == "dout" else "").split()
    if named and named[-1].endswith("...") and len(named) <= value.ndim + 1:
        rest = int(np.prod(value.shape[len(named) - 1 :]))
        pairs = [*zip(named[:-1], value.shape, strict=False), (named[-1].removesuffix("..."), rest)]
        return [(name, size) for name, size in pairs if name]
    if len(named) == value.ndim:
        return [*zip(named, value.shape, strict=True)]
    sides = [(f"len({argument})" if i == 0 else f"{argument}.shape[{i}]", n) for i, n in enumerate(value.shape)]
    return [*sides, (f"{argument}.size", value.size)]


def size_names(evidence: Evidence) -> tuple[str, ...]:
    """Return the names of the sizes of the inputs; of two that are equal in every case only the first."""
    calls = (evidence.trial.variant.calls(evidence.function, case)[0] for case in evidence.function.cases)
    known = [sizes(evidence.function, call.inputs, evidence.axes) for call in calls]
    kept: list[str] = []
    for name in dict.fromkeys(name for size in known for name in size):
        if not any(all(size.get(name) in (None, size.get(other, size.get(name))) for size in known) for other in kept):
            kept.append(name)
    return tuple(kept)


class KnownMistakes:
    """The known mistakes of one variant; all answers to that variant share them."""

    def __init__(self, variant: Variant) -> None:
        self._variant = variant
        self._trials: dict[str, Trial] = {}

    def in_function(self, function: Function) -> list[tuple[Mistake, Trial]]:
        """Return the known mistakes of the function, each with its trial."""
        return [(mistake, self.trial_of(mistake)) for mistake in self._variant.exercise.mistakes
                if mistake.function == function.name]  # fmt: skip

    def trial_of(self, mistake: Mistake) -> Trial:
        """Return the trial of one known mistake on the variant, made once."""
        if mistake.name not in self._trials:
            self._trials[mistake.name] = Trial(self._variant, self._variant.oracle.implementation(mistake))
        return self._trials[mistake.name]


Change = Callable[[Inputs], Inputs | None]


class Counterfactuals:
    """The right outputs for changed inputs of one trial, each computed once and dropped with the trial."""

    def __init__(self, trial: Trial, known_mistakes: KnownMistakes) -> None:
        self._trial = trial
        self.known_mistakes = known_mistakes
        self._outputs: dict[tuple[str, ...], Outputs | None] = {}

    def of_change(self, item: Item, key: str, change: Change) -> Outputs | None:
        """Return the right outputs for changed inputs; None where there are none. `key` identifies the change."""
        if item.step > 1:  # the inputs of later steps hold the state that this answer returned
            return self.compute(item.function, item.inputs, change)
        place = item.function.name, item.case.name, key
        if place not in self._outputs:
            self._outputs[place] = self.compute(item.function, item.inputs, change)
        return self._outputs[place]

    def of_mistake(self, item: Item, mistake: Mistake) -> Outputs | None:
        """Return the outputs of a known mistake for the item's inputs."""
        try:
            if item.step == 1:
                seen = self.known_mistakes.trial_of(mistake).call_case(item.function, item.case)
                return seen.outputs[0] if seen.outputs else None
            implementation = self._trial.variant.oracle.implementation(mistake)
            return name_outputs(item.function, invoke(implementation, item.function, item.inputs, 1.0, watch=False))
        except Unrecorded:
            return None

    def compute(self, function: Function, inputs: Inputs, change: Change = dict) -> Outputs | None:
        """Return the outputs of the reference for changed inputs; None where the change does not apply or it raises."""
        changed = change(with_defaults(function, inputs))
        if changed is None or not set(function.positional) <= set(changed):
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return reference(function, changed)
        except (GraderFault, Unrecorded):
            return None
