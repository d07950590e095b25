"""Hypotheses that an output is right for changed inputs or for another function, or that of a known mistake, changed.

The reference computes the right output for the changed inputs; the answer equals it or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations, permutations
from operator import methodcaller
from typing import Any

import numpy as np

from autograder.diagnosis.axes import axis_names, with_defaults
from autograder.diagnosis.evidence import Evidence, Item, as_array, equal
from autograder.diagnosis.factors import is_factor, name_factor, ratio_of
from autograder.diagnosis.forms import join
from autograder.diagnosis.hypothesis import Hypothesis, Predict, hypothesis, prediction, predicts_first
from autograder.spec.exercise import Inputs, Mistake, Outputs
from autograder.spec.function import Function

Number = int | float


@dataclass(frozen=True, eq=False)
class InputChange:
    """A change of the inputs with its description."""

    words: str
    """The words that end "exactly what is right …"."""
    inputs: Callable[[Inputs], Inputs | None]
    """Return the changed inputs; None where the change does not apply."""
    restore: Callable[[np.ndarray, np.ndarray], np.ndarray | None] | None = None
    """Convert the output for the changed inputs to the form of the expected one, where the two differ."""


def changes(evidence: Evidence) -> Iterator[InputChange]:
    """Yield the changes that apply to inputs like those of the first wrong item."""
    item = evidence.failing[0]
    given = with_defaults(item.function, item.inputs)
    for name, value in given.items():
        yield from _single_changes(evidence, name, value)
    yield from _pair_changes(given)
    yield from _table_changes(item.want)


def _single_changes(evidence: Evidence, name: str, value: object) -> Iterator[InputChange]:
    if isinstance(value, bool):
        yield _set(name, f"with {name} the other way round", lambda v: not v)
    elif isinstance(value, Number):
        yield from _numbers(evidence, name, value)
    elif isinstance(value, np.ndarray) and value.dtype.kind == "f":
        yield from _arrays(name, axis_names(evidence.axes, name, value.ndim))
    elif isinstance(value, np.ndarray) and value.dtype.kind == "i":
        yield _set(name, f"for {name} - 1 in place of {name}", lambda v: v - 1)
        yield _set(name, f"for {name} + 1 in place of {name}", lambda v: v + 1)
    elif isinstance(value, list):
        yield from _lists(name)
    elif isinstance(value, dict):
        for key in value:
            yield _set(name, f"for {name}[{key!r}] = 0", partial(_zero_key, key))


def _numbers(evidence: Evidence, name: str, value: Number) -> Iterator[InputChange]:
    for number in (0, 1) if isinstance(value, int) else (0.0, 1.0):
        yield _set(name, f"for {name} = {number:g}", partial(_constant, number))
    default = with_defaults(evidence.function, {}).get(name)
    if isinstance(default, Number) and default not in (0, 1):
        yield _set(name, f"for {name} = {default:g}, its default", partial(_constant, default))
    yield _set(name, f"for -{name} in place of {name}", lambda v: -v)
    if isinstance(value, int):
        yield _set(name, f"for 2·{name} in place of {name}", lambda v: 2 * v)
        yield _set(name, f"for {name} - 1 in place of {name}", lambda v: v - 1)
        yield _set(name, f"for {name} + 1 in place of {name}", lambda v: v + 1)
    else:
        yield _set(name, f"for 1 - {name} in place of {name}", lambda v: 1 - v)
        yield _set(name, f"for 1/{name} in place of {name}", lambda v: 1 / v)
        yield _set(name, f"for {name}² in place of {name}", lambda v: v * v)


def _arrays(name: str, axes: tuple[str, ...]) -> Iterator[InputChange]:
    simple: tuple[tuple[str, Callable[[np.ndarray], Any]], ...] = (
        (f"{name} = 0", np.zeros_like), (f"{name} = 1 everywhere", np.ones_like), (f"-{name}", np.negative),
        (f"|{name}|", np.abs), (f"{name}²", np.square), (f"2·{name}", lambda v: 2 * v), (f"{name}/2", lambda v: v / 2),
    )  # fmt: skip
    for text, make in simple:
        yield _set(name, f"for {text}" if "=" in text else f"for {text} in place of {name}", make)
    negative = _set(name, f"for -{name} in place of {name}, but with the opposite sign", np.negative)
    yield replace(negative, restore=lambda made, want: -made)
    ndim = len(axes)
    for some in (some for count in range(1, ndim + 1) for some in combinations(range(ndim), count)):
        words = f"for {name} in reverse along {join(axes, some)}"
        yield _set(name, words, partial(np.flip, axis=some))
    for a, b in combinations(range(ndim), 2):
        words = f"for {name} transposed" if ndim == 2 else f"for {name} with {axes[a]} and {axes[b]} exchanged"
        yield _set(name, words, partial(np.swapaxes, axis1=a, axis2=b))
    for axis in range(ndim):
        yield _set(name, f"for the mean of {name} along {axes[axis]}", partial(_mean, axis))


def _constant(new: Any, value: Any) -> Any:
    return new


def _zero_key(key: str, value: dict[str, Any]) -> dict[str, Any]:
    return value | {key: np.zeros_like(value[key])}


def _mean(axis: int, value: np.ndarray) -> np.ndarray:
    return np.broadcast_to(value.mean(axis=axis, keepdims=True), value.shape).copy()


def _lists(name: str) -> Iterator[InputChange]:
    yield _set(name, f"for {name} of zeros", lambda v: [np.zeros_like(part) for part in v])
    yield _set(name, f"for {name} transposed, each array by itself", lambda v: [part.T for part in v])
    yield _set(name, f"for {name} from the last to the first", lambda v: v[::-1])
    yield _set(name, f"for the first of {name} in the place of all", lambda v: [v[0] for _ in v])
    yield _set(name, f"for {name} without the last", lambda v: v[:-1])


def _set(name: str, words: str, make: Callable[[Any], Any]) -> InputChange:
    return _change(words, lambda inputs: {name: make(inputs[name])})


def _change(words: str, make: Callable[[Inputs], Inputs]) -> InputChange:
    def change(inputs: Inputs) -> Inputs | None:
        try:
            return inputs | make(inputs)
        except (KeyError, IndexError, ZeroDivisionError, OverflowError, ValueError, TypeError, AttributeError):
            return None

    return InputChange(words, change)


def _pair_changes(given: Inputs) -> Iterator[InputChange]:
    """Yield the changes of two arguments: one in the other's place, both exchanged, both changed at once."""
    for a, b in combinations([name for name in given if _is_plain(given[name])], 2):
        if _kind(given[a]) != _kind(given[b]):
            continue
        yield from _pair(a, b)
    arrays = [name for name, value in given.items() if isinstance(value, np.ndarray) and value.dtype.kind == "f"]
    for a, b in permutations(arrays, 2):
        yield _neutral(a, b)


def _pair(a: str, b: str) -> Iterator[InputChange]:
    yield _change(f"with {a} and {b} exchanged", lambda v: {a: v[b], b: v[a]})
    yield _change(f"with {b} in place of {a}", lambda v: {a: v[b]})
    yield _change(f"with {a} in place of {b}", lambda v: {b: v[a]})
    yield _change(f"for -{a} and -{b} in their places", lambda v: {a: -v[a], b: -v[b]})


def _neutral(a: str, b: str) -> InputChange:
    words = f"for {a} = 1 and {b} = 0, as if neither had an effect"
    return _change(words, lambda v: {a: np.ones_like(v[a]), b: np.zeros_like(v[b])})


def _is_plain(value: object) -> bool:
    return isinstance(value, int | float | np.ndarray) and not isinstance(value, bool)


def _kind(value: object) -> tuple[object, ...]:
    return (value.shape, value.dtype.kind) if isinstance(value, np.ndarray) else (type(value),)


def _table_changes(want: np.ndarray) -> Iterator[InputChange]:
    """Yield the changes that transpose or reshape all matrices of one shape, and the output back."""
    if want.ndim == 2:
        yield InputChange("with rows for columns", _tables(np.transpose), lambda made, want: made.T)
        for shape, words in (((-1, 1), "in one column"), ((1, -1), "in one row")):
            yield InputChange(f"with all entries {words}", _tables(methodcaller("reshape", shape)), _reshape)


def _tables(make: Callable[[np.ndarray], np.ndarray]) -> Callable[[Inputs], Inputs | None]:
    def change(inputs: Inputs) -> Inputs | None:
        tables = {k: v for k, v in inputs.items() if isinstance(v, np.ndarray) and v.ndim == 2 and v.dtype.kind == "f"}
        shapes = {table.shape for table in tables.values()}
        return inputs | {name: make(table) for name, table in tables.items()} if len(shapes) == 1 else None

    return change


def _reshape(made: np.ndarray, want: np.ndarray) -> np.ndarray | None:
    return made.reshape(want.shape) if made.size == want.size else None


def other_inputs(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield a hypothesis for each small change of the inputs that explains every case."""
    for change in changes(evidence) if evidence.failing else ():
        predict = _changed(evidence.output, change)
        if predicts_first(evidence, predict):
            yield prediction(
                evidence, "variant", f"{evidence.subject} is exactly what is right {change.words}.", predict
            )


def _changed(output: str, change: InputChange) -> Predict:
    def predict(item: Item) -> np.ndarray | None:
        made = pick(item.counterfactuals.of_change(item, change.words, change.inputs), output, item)
        return made if made is None or change.restore is None else change.restore(made, item.want)

    return predict


def other_functions(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that the output is that of another function for the same arguments."""
    forward = (evidence.function.forward,) if evidence.function.forward else ()
    functions = {f.name: f for f in (*evidence.trial.exercise.functions, *forward) if f.name != evidence.function.name}
    for function, output in ((f, output) for f in functions.values() for output in f.outputs):
        predict = _others(function, output)
        if predicts_first(evidence, predict):
            words = f"{evidence.subject} is the {output} that {function.name} should give."
            yield prediction(evidence, "other function", words, predict)


def _others(function: Function, output: str) -> Predict:
    return lambda item: pick(item.counterfactuals.of_function(item, function), output, item)


def pick(outputs: Outputs | None, output: str, item: Item) -> np.ndarray | None:
    """Return the array of the outputs at the item's place; None where there is none."""
    value: Any = None if outputs is None else outputs.get(output)
    for part in item.place:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return None if value is None else as_array(value)


_MAX_RANK = 1
"""Highest rank of the factor's name: a number, a size or a hyperparameter."""


def compounds(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield a hypothesis for each known mistake of the function whose output was multiplied."""
    for mistake, _ in (
        evidence.failing[0].counterfactuals.known_mistakes.in_function(evidence.function) if evidence.failing else ()
    ):
        base = _mistake_output(mistake, evidence.output)
        output = base(evidence.failing[0])
        if output is not None and not equal(output, evidence.failing[0].want):
            yield _multiple(evidence, mistake, base, output)


def _multiple(evidence: Evidence, mistake: Mistake, base: Predict, output: np.ndarray) -> Hypothesis | None:
    if ratio_of(evidence.failing[0].got, output) is None:
        return None
    named = name_factor(evidence, base, _MAX_RANK)
    if named is None:
        return None
    return _compound(evidence, mistake, f"{named.text} times", lambda view: is_factor(view, base, named))


def _compound(evidence: Evidence, mistake: Mistake, words: str, test: Callable[[Evidence], bool]) -> Hypothesis | None:
    name = mistake.name.replace("_", " ")
    text = f"{evidence.subject} is {words} what a known mistake gives, “{name}”, of which is said: {mistake.hint}"
    return hypothesis("pattern", "compound", evidence, text, test)


def _mistake_output(mistake: Mistake, output: str) -> Predict:
    return lambda item: pick(item.counterfactuals.of_mistake(item, mistake), output, item)
