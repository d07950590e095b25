"""Conversion of a failing case into the Example that is shown: inputs, expected part and returned part."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder import values
from autograder.checks.judge import examine
from autograder.checks.trial import CaseResult, Trial
from autograder.implementation import Raised, Stopped
from autograder.numeric.compare import compare
from autograder.report.report import Array, Example
from autograder.spec.function import Free
from autograder.values import Code, Rng

MAX_SHOWN = 400
"""Most entries of an array that is shown in full; of a larger one, the shape is shown."""


@dataclass(frozen=True)
class FailingExample:
    """An example and the kind of its failure: values, shape, dtype, nonfinite, Raised IndexError, …"""

    kind: str
    example: Example

    @property
    def size(self) -> int:
        """The number of entries in all input arrays."""
        return sum(len(value.values) for value in self.example.inputs.values() if isinstance(value, Array))


@dataclass(frozen=True)
class _Part:
    """A part of an output that differs from the expected one, and the difference in words."""

    name: str
    got: Any
    expected: Any
    kind: str
    text: str


def failing_example(trial: Trial, result: CaseResult, output: str) -> FailingExample | None:
    """Return the example of a wrong output; None where it is right, or where no numbers can show the failure: the
    expected output is random, judged by its properties, or too large."""
    problem = examine(trial, result, output)
    if problem is None or problem.status == "skipped" or isinstance(result.case.accept.get(output), Free):
        return None
    step = len(result.outputs) - 1 if result.outputs else 0
    part = _missing_output(trial, result, output)
    for number, outputs in enumerate(result.outputs or ()):
        found = _first_difference(output, outputs[output], result.calls[number].expected[output], trial)
        if found:
            step, part = number, found
            break
    return None if part is None else _make_example(result, step, part)


def _make_example(result: CaseResult, step: int, part: _Part) -> FailingExample | None:
    inputs, expected, yours = result.inputs, to_array(part.expected), to_array(part.got)
    drawn = any(isinstance(value, Rng) for value in inputs.values()) and part.kind == "values"
    if expected is None or len(expected.values) > MAX_SHOWN or drawn:
        return None
    if yours is not None and len(yours.values) > MAX_SHOWN:
        yours = None
    outcome = "" if yours is not None and part.kind in ("values", "nonfinite") else part.text
    shown = {name: to_input(value) for name, value in inputs.items()}
    case = result.case.name + (f", after {step + 1} calls in a row" if step else "")
    return FailingExample(part.kind, Example(case, part.name, shown, expected, yours, outcome))


def _missing_output(trial: Trial, result: CaseResult, output: str) -> _Part | None:
    """Return the first part of the expected output where the call returned no outputs; None where it did."""
    problem = examine(trial, result, output)
    if result.outputs is not None or problem is None:
        return None
    match result.outcome:
        case Raised(kind=kind):
            kind = f"Raised {kind}"
        case Stopped(reason=reason):
            kind = f"Stopped {reason}"
        case _:
            kind = "outcome"
    name, expected = first_leaf(output, result.calls[0].expected[output])
    return _Part(name, None, expected, kind, problem.text)


def _first_difference(name: str, got: Any, expected: Any, trial: Trial) -> _Part | None:
    """Return the first part that differs; None where all are equal."""
    tolerance = trial.exercise.tolerance
    difference = compare(name, got, expected, tolerance.rtol, tolerance.atol)
    if difference is None:
        return None
    for key, item in items(expected):
        if type(got) is type(expected) or (isinstance(got, list | tuple) and isinstance(expected, list | tuple)):
            pieces = dict(items(got))
            found = _first_difference(f"{name}[{key!r}]", pieces[key], item, trial) if pieces.keys() >= {key} else None
            if found:
                return found
    whole, value = first_leaf(name, expected)
    return _Part(whole, got if whole == name else None, value, difference.kind, difference.text)


def items(value: Any) -> list[tuple[Any, Any]]:
    """Return the keys and values of a dict, or the indices and entries of a list; [] for anything else."""
    if isinstance(value, Mapping):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list | tuple) else []


def first_leaf(name: str, value: Any) -> tuple[str, Any]:
    """Return the first array or number inside a value, with its name as Python writes it."""
    for key, item in items(value)[:1]:
        return first_leaf(f"{name}[{key!r}]", item)
    return name, value


def to_array(value: Any) -> Array | None:
    """Convert a number or an array to the report's Array; None for any other value."""
    if isinstance(value, bool | int | float | np.generic | np.ndarray):
        numbers = np.asarray(value)
        if numbers.dtype.kind in "fiub":
            return Array(numbers.shape, tuple(_finite(float(number)) for number in numbers.ravel()))
    return None


def to_input(value: Any) -> Array | str:
    """Convert an argument: float64 in C order to an Array, any other to the Python expression that makes it."""
    if isinstance(value, np.ndarray) and value.size > MAX_SHOWN:
        return f"an array of shape {value.shape}"
    plain = isinstance(value, np.ndarray) and value.dtype == np.float64 and value.flags.c_contiguous
    return (to_array(value) if plain else None) or _text(value)


def _text(value: Any) -> str:
    if isinstance(value, Rng):
        return f"np.random.default_rng({value.seed})"
    if isinstance(value, Code):
        return "\n".join(line for line in value.source.split("\n") if line and line != "import numpy as np")
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {_text(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, np.ndarray):
        return _array_text(value)
    return values.number(value, 9) if isinstance(value, float) else repr(value)


def _array_text(value: np.ndarray) -> str:
    if value.dtype.kind != "f":
        return f"np.array({value.tolist()})"
    text = values.array(value.shape, value.ravel().tolist())
    return text if value.flags.c_contiguous else f"np.asfortranarray({text})"


def _finite(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)
