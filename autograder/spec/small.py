"""Small inputs: families of cases on whole numbers that fit on paper, the smallest first.

A `spec.py` may say `SMALL = small(...)`, or a dict of function → small(...), or a list of them for one function. When
an answer fails, the first of them that fails too is what the student sees. They are drawn from a seed of their own, so
they are public: nothing hidden is told by them.
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import product
from math import prod
from types import MappingProxyType
from typing import Any

import numpy as np

from autograder.spec.draw import Draw, whole
from autograder.spec.function import Accept, Case, Function

FAMILIES, NEIGHBOURHOODS, VARIANTS = 3, 3, 2
"""Most families of a function that are used; neighbourhoods of other shapes, and variants, on which a hint must hold.
The student's own variant is one of them."""

WIDEST, LARGEST = 7, 300
"""The largest size, and the most entries, of a member of a neighbourhood."""

_TRIES, _MIDDLES, _NEAR = 40, 6, 3
"""Members drawn for the middle of a neighbourhood, those of them that are tried, and neighbours for each size."""

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_RANGE = (1, 2, 3)


@dataclass(frozen=True)
class Member:
    """A small case of a family, given by its sizes; the case itself is made when needed."""

    sizes: Mapping[str, Any]
    """Size or hyperparameter → its value."""
    weight: int
    """Approximate number of entries in the arrays of the case."""
    make: Callable[[], Case]
    """Return the case, which is made when it is first needed."""

    @cached_property
    def case(self) -> Case:
        """Return the case with these sizes, which its name tells."""
        return self.make()


@dataclass(frozen=True, eq=False)
class Small:
    """A family of cases. memo: where the engine keeps values derived from it, as its inputs never change."""

    inputs: Mapping[str, Any]
    sizes: Mapping[str, tuple[int, ...]]
    where: Callable[..., Any] | None
    accept: Mapping[str, Accept]
    worked: Mapping[str, Any]
    memo: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """Return all members of the family, the smallest first."""
        found = (dict(zip(self.ranges, values, strict=True)) for values in product(*self.ranges.values()))
        fitting = (self._member(sizes, whole) for sizes in found if self._fits(sizes))
        return tuple(sorted(fitting, key=lambda member: member.weight))

    @cached_property
    def example(self) -> Member:
        """Return the member to work through by hand: sizes nearest to 2, first values of the hyperparameters."""
        usual = {name: values[0] if name in self.inputs else min(values, key=lambda size: abs(size - 2))
                 for name, values in self.ranges.items()}  # fmt: skip
        wanted = {**usual, **{name: value for name, value in self.worked.items() if name in usual}}

        def far(member: Member) -> int:
            return sum(abs(values.index(member.sizes[name]) - values.index(wanted[name]))
                       for name, values in self.ranges.items())  # fmt: skip

        return min(self.members, key=lambda member: (far(member), member.weight))

    @cached_property
    def ranges(self) -> dict[str, tuple[Any, ...]]:
        """Return size or hyperparameter → the values that it takes."""
        ranges = {name: value for name, value in self.inputs.items() if isinstance(value, tuple)}
        for name in (symbol for symbols in self._symbols.values() for symbol in symbols):
            fixed = (self.inputs[name],) if name in self.inputs else self.sizes.get(name, _RANGE)
            ranges.setdefault(name, fixed)
        return ranges

    @cached_property
    def _symbols(self) -> dict[str, list[str]]:
        """Return input → the sizes that its text names, or the parameters of its recipe."""
        return {name: _symbols(value) for name, value in self.inputs.items()}

    def neighbourhood(self, number: int) -> tuple[Member, ...]:
        """Return a drawn member, and members that differ from it in one size or hyperparameter; () where none fits.

        Its sizes may exceed those of `members`. Another number gives another neighbourhood.
        """
        rng = random.Random(f"{' '.join(self.ranges)} {number}")
        drawn = [{name: rng.choice(values) for name, values in self._wide.items()} for _ in range(_TRIES)]
        fitting = sorted(self._near(drawn), key=_variety)
        around = [(middle, *self._neighbours(middle, rng)) for middle in fitting[-_MIDDLES:]]
        told = [name for name, value in self.inputs.items() if isinstance(value, tuple)]
        return max(reversed(around), key=lambda members: len({  # the hyperparameters that differ; "" for all sizes
            next((name for name in told if members[0].sizes[name] is not near.sizes[name]), "")
            for near in members[1:]}), default=())  # fmt: skip

    def _neighbours(self, middle: Member, rng: random.Random) -> Iterator[Member]:
        """Yield members that differ from `middle` in one value, which is first 1 or another of its own sizes."""
        for name, values in self._wide.items():
            others = [value for value in values if value is not middle.sizes[name]]
            rng.shuffle(others)
            taken = [1, *(value for key, value in middle.sizes.items() if key != name)]
            others.sort(key=lambda value, taken=taken: not any(value is other for other in taken))  # type: ignore[misc]
            yield from self._near({**middle.sizes, name: value} for value in others[:_NEAR])

    @cached_property
    def _wide(self) -> dict[str, tuple[Any, ...]]:
        """Return name → the values that it takes in a neighbourhood: more where only shapes depend on it."""
        recipes = {symbol for name, value in self.inputs.items() if _is_recipe(value) for symbol in self._symbols[name]}
        return {
            name: values if name in recipes | self.inputs.keys() or len(values) == 1
            else tuple(range(min(values), WIDEST + 1))
            for name, values in self.ranges.items()
        }  # fmt: skip

    def _near(self, found: Iterable[Mapping[str, Any]]) -> Iterator[Member]:
        """Yield the members of these sizes, without sizes that do not fit together and members that are too large."""
        members = (self._member(sizes, _ragged) for sizes in found if self._fits(sizes))
        return (member for member in members if member.weight <= LARGEST)

    def _member(self, sizes: Mapping[str, Any], entries: Callable[..., Draw]) -> Member:
        return Member(sizes, self._weight(sizes), partial(self._case, sizes, entries))

    def _case(self, sizes: Mapping[str, Any], entries: Callable[..., Draw]) -> Case:
        """Return the case of these sizes. entries: draws the arrays that the family gives by their shapes."""
        draws = {name: self._draw(name, value, sizes, entries) for name, value in self.inputs.items()}
        upstream = {"dout": lambda shape: entries(*shape)}  # drawn as the inputs are
        return Case(self._title(sizes), draws | upstream, True, self.accept)

    def _draw(self, name: str, value: Any, sizes: Mapping[str, Any], entries: Callable[..., Draw]) -> Any:
        if isinstance(value, tuple):
            return sizes[name]
        if isinstance(value, str):
            return entries(*(int(word) if word.isdigit() else sizes[word] for word in value.split()))
        return value(*[sizes[symbol] for symbol in self._symbols[name]]) if _is_recipe(value) else value

    def _title(self, sizes: Mapping[str, Any]) -> str:
        """Return the sizes as a text; a value that is no number is named by its position among the values, from 1."""
        words = [
            f"{name} = {value:g}" if isinstance(value, float) else
            f"{name} = {value}" if isinstance(value, int) else f"{name} {self.ranges[name].index(value) + 1}"
            for name, value in sizes.items()
        ]
        return ", ".join(words) or "the one case"

    def _fits(self, sizes: Mapping[str, Any]) -> bool:
        return self.where is None or bool(self.where(*[sizes[name] for name in _symbols(self.where)]))

    @cached_property
    def _fixed(self) -> int:
        """Return the number of entries in the inputs that do not depend on sizes."""
        return sum(_entries(value) for value in self.inputs.values() if isinstance(value, Draw))

    def _weight(self, sizes: Mapping[str, Any]) -> int:
        """Return the number of entries of the arrays, plus one for each step from a hyperparameter's first value."""
        weight = self._fixed
        for name, value in self.inputs.items():
            if isinstance(value, tuple):
                weight += value.index(sizes[name])
            elif isinstance(value, str):
                weight += prod(int(word) if word.isdigit() else sizes[word] for word in value.split())
            elif _is_recipe(value):
                weight += _entries(value(*[sizes[symbol] for symbol in self._symbols[name]]))
        return weight


def small(*, sizes: Mapping[str, tuple[int, ...]] = _NOTHING, where: Callable[..., Any] | None = None,
          accept: Mapping[str, Accept] = _NOTHING, worked: Mapping[str, Any] = _NOTHING,
          **inputs: Any) -> Small:  # fmt: skip
    """Return a family of cases: `small(x="B D", w="D M", b="M", lr=(0.5, 1.0), sizes={"B": (1, 2)})`.

    An input is a text, the shape of whole numbers in sizes; a tuple, of values it takes; a function of sizes and of
    such inputs that gives a draw or a value; or a draw or a value itself. sizes: what a size may be, (1, 2, 3) unless
    told. where: a function of them that says which fit together. worked: sizes of the one to work through by hand.
    """
    return Small(inputs, sizes, where, accept, worked)


def by_function(told: Any, functions: tuple[Function, ...]) -> dict[str, tuple[Small, ...]]:
    """Return function → families of small inputs, from any form of SMALL; those without a name go to each function."""
    if told is None:
        return {}
    named = told if isinstance(told, Mapping) else {function.name: told for function in functions}
    return {name: tuple(given) if isinstance(given, list) else (given,) for name, given in named.items()}


def _entries(value: Any) -> int:
    """Return the number of entries in what a draw gives."""
    value = value(np.random.default_rng(0)) if isinstance(value, Draw) else value
    parts = list(value.values()) if isinstance(value, Mapping) else value
    return sum(map(_entries, parts)) if isinstance(parts, list) else int(np.size(value))


def _symbols(value: Any) -> list[str]:
    if isinstance(value, str):
        return [word for word in value.split() if not word.isdigit()]
    return list(inspect.signature(value).parameters) if _is_recipe(value) else []


def _is_recipe(value: Any) -> bool:
    return callable(value) and not isinstance(value, Draw)


def _variety(member: Member) -> tuple[int, int, int]:
    """Return a rank of a member: few sizes of 1, which hide mistakes, many different sizes, and many entries."""
    sizes = [value for value in member.sizes.values() if type(value) is int]
    return -sizes.count(1), len(set(sizes)), member.weight


def _ragged(*shape: int) -> Draw:
    """Return a draw of distinct multiples of 1/64 at uneven distances, never 0. They act like random numbers, and a
    record stores each in two bytes."""

    def make(rng: np.random.Generator) -> Any:
        size = int(np.prod(shape))
        near = [number for number in range(-(size // 2) - 1, size + 2) if number][:size]
        values = (16 * rng.permutation(near) + rng.integers(0, 12, size)) / 64
        return values.astype(np.float64).reshape(shape)[()]

    return Draw(make, f"ragged{shape}")
