"""Small inputs: families of cases on whole numbers that fit on paper, the smallest first.

A `spec.py` may say `SMALL = small(...)`, or a dict of function → small(...), or a list of them for one function. When
an answer fails, the first of them that fails too is what the student sees. They are drawn from a seed of their own, so
they are public: nothing hidden is told by them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import prod
from types import MappingProxyType
from typing import Any

import numpy as np

from autograder.spec.draw import Draw, whole
from autograder.spec.function import Accept, Case, Function

MOST = 1000
"""Members that a family has at most: each may cost a call."""

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_RANGE = (1, 2, 3)


@dataclass(frozen=True)
class Member:
    """One of a family. sizes: the values of its sizes and hyperparameters; weight: about how many numbers it holds."""

    family: Small
    sizes: Mapping[str, Any]
    weight: int

    @cached_property
    def case(self) -> Case:
        """Its inputs, under a name that says its sizes."""
        draws = {name: self._draw(name, value) for name, value in self.family.inputs.items()}
        return Case(self._title(), draws | {"dout": _cotangent}, True, self.family.accept)

    def _draw(self, name: str, value: Any) -> Any:
        if isinstance(value, tuple):
            return self.sizes[name]
        if isinstance(value, str):
            return whole(*(int(word) if word.isdigit() else self.sizes[word] for word in value.split()))
        return _apply(value, self.sizes) if _is_recipe(value) else value

    def _title(self) -> str:
        words = [
            f"{name} = {value}" if isinstance(value, int) else
            f"{name} = {value:g}" if isinstance(value, float) else f"{name} {_index(self.family, name, value)}"
            for name, value in self.sizes.items()
        ]
        return ", ".join(words) or "the one case"


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
        """All of them, the smallest first."""
        return tuple(sorted(self._members(), key=lambda member: member.weight))

    @cached_property
    def example(self) -> Member:
        """The one to work through by hand: every size 2 and every hyperparameter its first, or as near as there is."""
        return min(self.members, key=lambda member: (self._far(member), member.weight))

    @cached_property
    def ranges(self) -> dict[str, tuple[Any, ...]]:
        """Name → the values it takes, of hyperparameters and of sizes."""
        ranges = {name: value for name, value in self.inputs.items() if isinstance(value, tuple)}
        for name in (symbol for symbols in self._symbols.values() for symbol in symbols):
            fixed = (self.inputs[name],) if name in self.inputs else self.sizes.get(name, _RANGE)
            ranges.setdefault(name, fixed)
        return ranges

    @cached_property
    def _symbols(self) -> dict[str, list[str]]:
        """Input → the sizes that its text names, or the parameters of its recipe."""
        return {name: _symbols(value) for name, value in self.inputs.items()}

    def _members(self) -> Iterator[Member]:
        names, asked = list(self.ranges), _symbols(self.where)
        for values in product(*self.ranges.values()):
            sizes = dict(zip(names, values, strict=True))
            if self.where is None or self.where(*[sizes[name] for name in asked]):
                yield Member(self, sizes, self._weight(sizes))

    @cached_property
    def _fixed(self) -> int:
        """Entries of what no size changes."""
        return sum(_entries(value) for value in self.inputs.values() if isinstance(value, Draw))

    @cached_property
    def _steps(self) -> dict[str, dict[Any, int]]:
        """Hyperparameter → its value → which it is."""
        told = {name: value for name, value in self.inputs.items() if isinstance(value, tuple)}
        return {name: {value: step for step, value in enumerate(values)} for name, values in told.items()}

    @cached_property
    def _shapes(self) -> list[tuple[int, list[str]]]:
        """Of every input that is a text: the fixed part of its shape, and its sizes."""
        texts = [(name, value.split()) for name, value in self.inputs.items() if isinstance(value, str)]
        return [(prod(int(word) for word in words if word.isdigit()), self._symbols[name]) for name, words in texts]

    @cached_property
    def _recipes(self) -> list[tuple[Callable[..., Any], list[str]]]:
        """Of every input that is a function: the function, and the names it asks for."""
        return [(value, self._symbols[name]) for name, value in self.inputs.items() if _is_recipe(value)]

    def _weight(self, sizes: Mapping[str, Any]) -> int:
        """Entries of the arrays, and one for each step away from a hyperparameter's first value."""
        away = sum([steps[sizes[name]] for name, steps in self._steps.items()])
        made = sum([_entries(make(*[sizes[name] for name in names])) for make, names in self._recipes])
        return self._fixed + away + made + sum([n * prod([sizes[word] for word in words]) for n, words in self._shapes])

    def _far(self, member: Member) -> int:
        """How far its sizes are from those to work with."""
        return sum(
            abs(values.index(member.sizes[name]) - values.index(self._wanted(name, values)))
            for name, values in self.ranges.items()
        )

    def _wanted(self, name: str, values: tuple[Any, ...]) -> Any:
        usual = values[0] if name in self.inputs else min(values, key=lambda size: abs(size - 2))
        return self.worked.get(name, usual)


def small(
    *,
    sizes: Mapping[str, tuple[int, ...]] = _NOTHING,
    where: Callable[..., Any] | None = None,
    accept: Mapping[str, Accept] = _NOTHING,
    worked: Mapping[str, Any] = _NOTHING,
    **inputs: Any,
) -> Small:
    """A family of cases: `small(x="B D", w="D M", b="M", lr=(0.5, 1.0), sizes={"B": (1, 2)})`.

    An input is a text, the shape of whole numbers in sizes; a tuple, of values it takes; a function of sizes and of
    such inputs that gives a draw or a value; or a draw or a value itself. sizes: what a size may be, (1, 2, 3) unless
    told. where: a function of them that says which fit together. worked: sizes of the one to work through by hand.
    """
    return Small(inputs, sizes, where, accept, worked)


def by_function(told: Any, functions: tuple[Function, ...]) -> dict[str, tuple[Small, ...]]:
    """SMALL, whatever its form, as function → families. What it says without a name holds for all functions."""
    if told is None:
        return {}
    named = told if isinstance(told, Mapping) else {function.name: told for function in functions}
    return {name: tuple(given) if isinstance(given, list) else (given,) for name, given in named.items()}


def _entries(value: Any) -> int:
    """How many numbers a draw gives."""
    value = value(np.random.default_rng(0)) if isinstance(value, Draw) else value
    parts = list(value.values()) if isinstance(value, Mapping) else value
    return sum(map(_entries, parts)) if isinstance(parts, list) else int(np.size(value))


def _symbols(value: Any) -> list[str]:
    if isinstance(value, str):
        return [word for word in value.split() if not word.isdigit()]
    return list(inspect.signature(value).parameters) if _is_recipe(value) else []


def _is_recipe(value: Any) -> bool:
    return callable(value) and not isinstance(value, Draw)


def _apply(make: Callable[..., Any], sizes: Mapping[str, Any]) -> Any:
    return make(**{name: sizes[name] for name in _symbols(make)})


def _index(family: Small, name: str, value: Any) -> int:
    """Which of its values a hyperparameter has, counted from 1: for those that are no numbers."""
    return family.ranges[name].index(value) + 1


def _cotangent(shape: tuple[int, ...]) -> Draw:
    """Whole numbers as the upstream gradient."""
    return whole(*shape)
