"""Which numbers have a say in an entry of an output: found by changing each of them and asking the reference again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.checks.variant import Call, Inputs, reference
from autograder.spec.function import Function

LISTED = 12
"""Entries that are listed at most."""

# What a number becomes: far to both sides, to pass kinks and to become a maximum, and a little aside.
_FAR, _NEAR, _NOISE = 20.0, 0.37, 0.2
# Before anything is said, all others change at once, so often and by so much, and the entry must not.
_SCALES = (0.1, 1.0, 1.0, 10.0, 10.0, 100.0)
Place = tuple[str, tuple[int, ...]]


def influence(function: Function, calls: Call, output: str) -> str:
    """One sentence about the entry in which most numbers have a say; empty where that says nothing: all of them do,
    or some of them cannot be changed one by one."""
    arrays = {name: value for name, value in calls.inputs.items() if isinstance(value, np.ndarray)}
    if not arrays or not isinstance(calls.expected[output], float | np.floating | np.ndarray) or _others(calls.inputs):
        return ""
    heard = _heard(function, calls.inputs, output)
    sizes = {name: value.size for name, value in arrays.items()}
    fitting = {at: places for at, places in heard.items() if 0 < len(places) < sum(sizes.values())}
    if not fitting:
        return ""
    at = max(fitting, key=lambda entry: (len(fitting[entry]), entry == (0,) * len(entry)))
    words = list(_words(fitting[at], sizes))
    if len(words) > LISTED or _others_matter(function, calls, output, at, fitting[at]):
        return ""
    entry = f"{output}[{', '.join(map(str, at))}]" if at else output
    return f"Of all entries, only these have a say in {entry}: {', '.join(words)}."


def _others_matter(
    function: Function, calls: Call, output: str, at: tuple[int, ...], heard: list[Place]
) -> bool:
    """Whether the entry changes when all but these do."""
    rng, base = np.random.default_rng(1), np.asarray(calls.expected[output], dtype=float)[at]
    for scale in _SCALES:
        inputs = {name: _shaken(value, rng, scale) for name, value in calls.inputs.items()}
        for name, index in heard:
            inputs[name][index] = calls.inputs[name][index]
        found = np.asarray(reference(function, inputs)[output], dtype=float)
        if found.shape != np.shape(calls.expected[output]) or not np.isclose(found[at], base, rtol=1e-9, atol=1e-12):
            return True
    return False


def _shaken(value: Any, rng: np.random.Generator, scale: float) -> Any:
    """Other numbers of the same kind: any of a float array, those that occur of whole ones."""
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype.kind != "f":
        return rng.permutation(value.ravel()).reshape(value.shape)
    return value + scale * rng.standard_normal(value.shape)


def _others(inputs: Inputs) -> bool:
    """Whether there are numbers inside lists and dicts, which are not changed."""
    return any(isinstance(value, list | tuple | dict) for value in inputs.values())


def _heard(function: Function, inputs: Inputs, output: str) -> dict[tuple[int, ...], list[Place]]:
    """Entry of the output → the entries of the inputs that change it, from where they are or from beside it: there no
    number is 0 or equal to another by chance."""
    rng = np.random.default_rng(0)
    aside = {name: _beside(value, rng) for name, value in inputs.items()}
    heard: dict[tuple[int, ...], list[Place]] = {}
    for place in _places(inputs):
        changed = _changed(function, inputs, output, place) | _changed(function, aside, output, place)
        for index in np.argwhere(changed):
            heard.setdefault(tuple(int(i) for i in index), []).append(place)
    return heard


def _beside(value: Any, rng: np.random.Generator) -> Any:
    is_float = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return value * (1 + rng.uniform(-_NOISE, _NOISE, value.shape)) if is_float else value


def _places(inputs: Inputs) -> Iterator[Place]:
    for name, value in inputs.items():
        if isinstance(value, np.ndarray):
            yield from ((name, index) for index in np.ndindex(value.shape))


def _changed(function: Function, inputs: Inputs, output: str, place: Place) -> np.ndarray:
    """Which entries of the output differ for one of the other values of this number."""
    name, index = place
    base = np.asarray(reference(function, inputs)[output], dtype=float)
    differs = np.zeros(base.shape, bool)
    for value in _values(inputs[name], index):
        moved = inputs[name].copy()
        moved[index] = value
        found = np.asarray(reference(function, {**inputs, name: moved})[output], dtype=float)
        differs |= ~np.isclose(found, base, rtol=1e-9, atol=1e-12, equal_nan=True)
    return differs


def _values(array: np.ndarray, index: tuple[int, ...]) -> list[Any]:
    """Other values of an entry; of whole numbers, such as labels, those that occur."""
    if array.dtype.kind == "f":
        far = _FAR * (1 + float(np.max(np.abs(array))))
        return [array[index] + step for step in (far, -far, _NEAR)]
    return [value for value in np.unique(array).tolist() if value != array[index]]


def _words(places: list[Place], sizes: dict[str, int]) -> Iterator[str]:
    """The entries; an array all of whose entries have a say by its name alone."""
    for name, size in sizes.items():
        mine = [index for other, index in places if other == name]
        if len(mine) == size:
            yield name
        else:
            yield from (f"{name}[{', '.join(map(str, index))}]" for index in mine)
