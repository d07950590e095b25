"""A failing observation as an Example: which part of the output differs, what went in, what should have come out."""

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

SHOWN = 400
"""Entries of an array that is shown whole; larger ones are told by their shape."""


@dataclass(frozen=True)
class FailingExample:
    """An example, and what kind of failure it shows: values, shape, dtype, nonfinite, Raised IndexError, …"""

    kind: str
    example: Example

    @property
    def size(self) -> int:
        """How many numbers go in."""
        return sum(len(value.values) for value in self.example.inputs.values() if isinstance(value, Array))


@dataclass(frozen=True)
class _Part:
    """A piece of an output that differs from what was expected, and how."""

    name: str
    got: Any
    expected: Any
    kind: str
    text: str


def failure(trial: Trial, seen: CaseResult, output: str) -> FailingExample | None:
    """Why this output is wrong in this case, as an example; None where it is right or where no numbers would show it:
    the truth is drawn, judged by what it does, or too large."""
    problem = examine(trial, seen, output)
    if problem is None or problem.status == "skipped" or isinstance(seen.case.accept.get(output), Free):
        return None
    step = len(seen.outputs) - 1 if seen.outputs else 0
    part = _outcome(trial, seen, output)
    for number, outputs in enumerate(seen.outputs or ()):
        found = _differs(output, outputs[output], seen.calls[number].expected[output], trial)
        if found:
            step, part = number, found
            break
    return None if part is None else _failure(seen, step, part)


def _failure(seen: CaseResult, step: int, part: _Part) -> FailingExample | None:
    inputs, expected, yours = seen.inputs, to_array(part.expected), to_array(part.got)
    drawn = any(isinstance(value, Rng) for value in inputs.values()) and part.kind == "values"
    if expected is None or len(expected.values) > SHOWN or drawn:
        return None
    if yours is not None and len(yours.values) > SHOWN:
        yours = None
    outcome = "" if yours is not None and part.kind in ("values", "nonfinite") else part.text
    shown = {name: to_input(value) for name, value in inputs.items()}
    case = seen.case.name + (f", after {step + 1} calls in a row" if step else "")
    return FailingExample(part.kind, Example(case, part.name, shown, expected, yours, outcome))


def _outcome(trial: Trial, seen: CaseResult, output: str) -> _Part | None:
    """A call that gave no outputs. What it should have given is shown by the first of the parts."""
    problem = examine(trial, seen, output)
    if seen.outputs is not None or problem is None:
        return None
    match seen.outcome:
        case Raised(kind=kind):
            kind = f"Raised {kind}"
        case Stopped(reason=reason):
            kind = f"Stopped {reason}"
        case _:
            kind = "outcome"
    name, expected = first(output, seen.calls[0].expected[output])
    return _Part(name, None, expected, kind, problem.text)


def _differs(name: str, got: Any, expected: Any, trial: Trial) -> _Part | None:
    """The first part that differs; None where all are equal."""
    tolerance = trial.exercise.tolerance
    difference = compare(name, got, expected, tolerance.rtol, tolerance.atol)
    if difference is None:
        return None
    for key, item in items(expected):
        if type(got) is type(expected) or (isinstance(got, list | tuple) and isinstance(expected, list | tuple)):
            pieces = dict(items(got))
            found = _differs(f"{name}[{key!r}]", pieces[key], item, trial) if pieces.keys() >= {key} else None
            if found:
                return found
    whole, value = first(name, expected)
    return _Part(whole, got if whole == name else None, value, difference.kind, difference.text)


def items(value: Any) -> list[tuple[Any, Any]]:
    """Key → part of a dict, index → part of a list; nothing for an array or a number."""
    if isinstance(value, Mapping):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list | tuple) else []


def first(name: str, value: Any) -> tuple[str, Any]:
    """The first array or number inside, and what it is called."""
    for key, item in items(value)[:1]:
        return first(f"{name}[{key!r}]", item)
    return name, value


def to_array(value: Any) -> Array | None:
    """Numbers as a record holds them; None for what is none."""
    if isinstance(value, bool | int | float | np.generic | np.ndarray):
        numbers = np.asarray(value)
        if numbers.dtype.kind in "fiub":
            return Array(numbers.shape, tuple(_finite(float(number)) for number in numbers.ravel()))
    return None


def to_input(value: Any) -> Array | str:
    """An argument as a record holds it: float64 in C order as an array, all else as the Python that makes it."""
    if isinstance(value, np.ndarray) and value.size > SHOWN:
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
