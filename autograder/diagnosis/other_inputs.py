"""Hypotheses that an output is the right one for changed inputs, or a multiple of a known mistake's output.

The reference computes the right output for the changed inputs, to which the answer is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations, permutations
from typing import Any

import numpy as np

from autograder.diagnosis.evidence import Evidence, Item, as_array, axis_names, equal, with_defaults
from autograder.diagnosis.factors import is_factor, name_factor, ratio_of
from autograder.diagnosis.forms import join
from autograder.diagnosis.hypothesis import Candidate, Hypothesis, hypothesis, predicted
from autograder.spec.exercise import Inputs, Mistake, Outputs

Number = int | float


@dataclass(frozen=True, eq=False)
class InputChange:
    """A change of the inputs with its description."""

    words: str
    """The words that end "exactly what is right …"."""
    make: Callable[[Inputs], Inputs]
    """Return the arguments that change; an error means that the change does not apply."""
    sign: int = 1
    """Factor of the output: -1 where it has the opposite sign as well, else 1."""

    def inputs(self, inputs: Inputs) -> Inputs | None:
        """Return the changed inputs; None where the change does not apply."""
        try:
            return inputs | self.make(inputs)
        except (KeyError, IndexError, ZeroDivisionError, OverflowError, ValueError, TypeError, AttributeError):
            return None


def other_inputs(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield a hypothesis for each small change of the inputs that explains every case."""
    yield from predicted(evidence, _candidates(evidence) if evidence.failing else ())


def _candidates(evidence: Evidence) -> Iterator[Candidate]:
    """Yield a candidate for each change that applies to the arguments of the first wrong item."""
    item = evidence.failing[0]
    given = with_defaults(item.function, item.inputs)
    singles = (change for name, value in given.items() for change in _single_changes(evidence, name, value))
    for change in (*singles, *_pair_changes(given)):
        words = f"{evidence.subject} is exactly what is right {change.words}."
        yield "variant", words, partial(_changed, evidence.output, change)


def _changed(output: str, change: InputChange, item: Item) -> np.ndarray | None:
    made = pick(item.counterfactuals.of_change(item, change.words, change.inputs), output, item)
    return None if made is None else change.sign * made


def _single_changes(evidence: Evidence, name: str, value: object) -> Iterator[InputChange]:
    if isinstance(value, bool):
        yield _set(name, f"with {name} the other way round", lambda v: not v)
    elif isinstance(value, Number):
        default = with_defaults(evidence.function, {}).get(name)
        numbers = {f"for {name} = {n:g}": n for n in (type(value)(0), type(value)(1))}
        if isinstance(default, Number) and default not in (0, 1):
            numbers[f"for {name} = {default:g}, its default"] = default
        for words, number in numbers.items():
            yield InputChange(words, lambda _, number=number: {name: number})  # type: ignore[misc]
        yield _set(name, f"for -{name} in place of {name}", lambda v: -v)
        if isinstance(value, float):
            yield _set(name, f"for 1 - {name} in place of {name}", lambda v: 1 - v)
    elif isinstance(value, np.ndarray) and value.dtype.kind == "f":
        yield from _array_changes(name, axis_names(evidence.axes, name, value.ndim))
    elif isinstance(value, np.ndarray) and value.dtype.kind == "i":
        yield _set(name, f"for {name} - 1 in place of {name}", lambda v: v - 1)
    elif isinstance(value, list):
        yield _set(name, f"for {name} of zeros", lambda v: [np.zeros_like(part) for part in v])


def _set(name: str, words: str, make: Callable[[Any], Any]) -> InputChange:
    return InputChange(words, lambda inputs: {name: make(inputs[name])})


_ARRAYS: tuple[tuple[str, Callable[[np.ndarray], Any]], ...] = (
    ("for {0} = 0", np.zeros_like), ("for {0} = 1 everywhere", np.ones_like),
    ("for -{0} in place of {0}", np.negative), ("for |{0}| in place of {0}", np.abs),
    ("for {0}² in place of {0}", np.square), ("for 2·{0} in place of {0}", lambda v: 2 * v),
)  # fmt: skip


def _array_changes(name: str, axes: tuple[str, ...]) -> Iterator[InputChange]:
    yield from (_set(name, text.format(name), make) for text, make in _ARRAYS)
    words = f"for -{name} in place of {name}, but with the opposite sign"
    yield InputChange(words, lambda inputs: {name: -inputs[name]}, sign=-1)
    ndim = len(axes)
    for some in (some for count in range(1, ndim + 1) for some in combinations(range(ndim), count)):
        yield _set(name, f"for {name} in reverse along {join(axes, some)}", partial(np.flip, axis=some))
    for a, b in combinations(range(ndim), 2):
        words = f"for {name} transposed" if ndim == 2 else f"for {name} with {axes[a]} and {axes[b]} exchanged"
        yield _set(name, words, partial(np.swapaxes, axis1=a, axis2=b))
    for axis in range(ndim):
        yield _set(name, f"for the mean of {name} along {axes[axis]}", lambda v, axis=axis: np.broadcast_to(
            v.mean(axis=axis, keepdims=True), v.shape).copy())  # type: ignore[misc]  # fmt: skip


def _pair_changes(given: Inputs) -> Iterator[InputChange]:
    """Yield the changes of two arguments: one replaced by the other, both exchanged, both without effect."""
    kinds = {name: (getattr(value, "shape", type(value)), getattr(value, "dtype", type(value)))
             for name, value in given.items()
             if isinstance(value, Number | np.ndarray) and not isinstance(value, bool)}  # fmt: skip
    for a, b in ((a, b) for a, b in combinations(kinds, 2) if kinds[a] == kinds[b]):
        yield _swap(f"with {a} and {b} exchanged", {a: b, b: a})
        yield _swap(f"with {b} in place of {a}", {a: b})
        yield _swap(f"with {a} in place of {b}", {b: a})
    arrays = [name for name, value in given.items() if isinstance(value, np.ndarray) and value.dtype.kind == "f"]
    for a, b in permutations(arrays, 2):
        yield InputChange(f"for {a} = 1 and {b} = 0, as if neither had an effect", lambda inputs, a=a, b=b: {
            a: np.ones_like(inputs[a]), b: np.zeros_like(inputs[b])})  # type: ignore[misc]  # fmt: skip


def _swap(words: str, sources: dict[str, str]) -> InputChange:
    return InputChange(words, lambda inputs: {name: inputs[source] for name, source in sources.items()})


def pick(outputs: Outputs | None, output: str, item: Item) -> np.ndarray | None:
    """Return the array in these outputs at the place that the item has in its output; None where there is none."""
    value: Any = None if outputs is None else outputs.get(output)
    for part in item.place:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return None if value is None else as_array(value)


def compounds(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield a hypothesis for each known mistake of the function whose output was multiplied by a number or a size."""
    if not evidence.failing:
        return
    first = evidence.failing[0]
    for mistake, _ in first.counterfactuals.known_mistakes.in_function(evidence.function):
        base = partial(_mistake_output, mistake, evidence.output)
        output = base(first)
        if output is None or equal(output, first.want) or ratio_of(first.got, output) is None:
            continue
        if named := name_factor(evidence, base, max_rank=1):
            name = mistake.name.replace("_", " ")
            text = (f"{evidence.subject} is {named.text} times what a known mistake gives, “{name}”, of which is said: "
                    f"{mistake.hint}")  # fmt: skip
            yield hypothesis("pattern", "compound", evidence, text, partial(is_factor, base=base, named=named))


def _mistake_output(mistake: Mistake, output: str, item: Item) -> np.ndarray | None:
    return pick(item.counterfactuals.of_mistake(item, mistake), output, item)
