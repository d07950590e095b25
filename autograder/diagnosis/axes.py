"""Names of axes and sizes as the spec gives them, axes={"x": "B H W C"}; else "axis 1", and len(x) or x.shape[1]."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np

from autograder.spec.exercise import Inputs
from autograder.spec.function import Function

Sizes = dict[str, float]


def axis_names(axes: Mapping[str, str], name: str, ndim: int) -> tuple[str, ...]:
    """Return the names of an array's axes; dx has those of x, and dout those of out."""
    known = axes.get(name, axes.get(name.removeprefix("d"), axes.get("out", "") if name == "dout" else ""))
    words = known.split()
    if len(words) == ndim:
        words = [word.removesuffix("...") or "?" for word in words]
    elif words and words[-1].endswith("..."):
        words = words[:-1] + ["?"] * (ndim - len(words) + 1)
    if len(words) != ndim:
        words = ["?"] * ndim
    return tuple(f"axis {i}" if word == "?" else word for i, word in enumerate(words))


def sizes(function: Function, inputs: Inputs, axes: Mapping[str, str]) -> Sizes:
    """Return the sizes and the numbers among the inputs by name, without names that stand for two numbers."""
    found: Sizes = {}
    doubtful = set()
    for argument, value in sorted(with_defaults(function, inputs).items(), key=lambda pair: pair[0] == "dout"):
        for name, size in _of(argument, value, axes):
            if found.setdefault(name, size) != size:
                doubtful.add(name)
    return {name: size for name, size in found.items() if name not in doubtful and size}


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
        pairs = [*zip(named[:-1], value.shape, strict=False)]
        return [*pairs, (named[-1].removesuffix("..."), rest)] if named[-1] != "..." else pairs
    if len(named) == value.ndim:
        return [*zip(named, value.shape, strict=True)]
    sides = [(f"len({argument})" if i == 0 else f"{argument}.shape[{i}]", n) for i, n in enumerate(value.shape)]
    return [*sides, (f"{argument}.size", value.size)]
