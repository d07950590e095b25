"""Numerical derivatives by the five-point rule, at several steps, with corners recognised.

A function is differentiated at t = 0 of `f(t)`, an array whose sum is meant: differences are taken entry by entry
before they are summed, so that what does not change cancels exactly. With a step of 1e-4 and inputs that keep a margin
from corners, right code stays below 1e-10 of the gradient's norm, so a tolerance of 1e-9 has no false alarm.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, Literal

import numpy as np

TOLERANCE = 1e-9
"""Relative error allowed along a random direction."""

_EPS = float(np.finfo(np.float64).eps)
# Steps in the order in which they are tried. Small ones avoid corners, large ones rounding errors.
_STEPS = (1e-4, 1e-5, 1e-3, 1e-6, 1e-7, 1e-8, 1e-9)
_ONE_SIDED = (1e-6, 1e-7)
_SETTLED = 1e-3

Curve = Callable[[float], np.ndarray]


@dataclass(frozen=True)
class Slope:
    """Result of comparing a numerical derivative with a given one."""

    value: float
    """The derivative; at a corner the mean of both sides."""
    given: float
    """The derivative to compare with."""
    kind: Literal["agrees", "differs", "corner", "rough"]
    """corner: the slopes of both sides differ. rough: no step gives a derivative, as at a jump or with noise."""
    low: float = 0.0
    """At a corner, the smallest derivative that is right."""
    high: float = 0.0
    """At a corner, the largest derivative that is right."""

    @property
    def right(self) -> bool:
        """Return whether the given derivative is right: at a corner any value between the slopes of both sides."""
        slack = 1e-6 * max(abs(self.low), abs(self.high))
        between = self.low - slack <= self.given <= self.high + slack
        return self.kind == "agrees" or (self.kind == "corner" and between)


def five_point(f: Curve, h: float) -> tuple[float, tuple[np.ndarray, ...]]:
    """Return the derivative of sum(f(t)) at t = 0, with an error of order h⁴, and the four values of f that it uses."""
    with np.errstate(all="ignore"):
        values = up, down, far_up, far_down = f(h), f(-h), f(2 * h), f(-2 * h)
        return float((8 * (up - down) - (far_up - far_down)).sum()) / (12 * h), values


def measure(f: Curve, given: float, scale: float, tolerance: float = TOLERANCE, shorter: float = 1.0) -> Slope:
    """Compare a given derivative with the numerical one: four evaluations where they agree, about 45 where not.

    scale: the size of a derivative that counts as large; NaN never agrees. shorter: a factor for two more steps, for an
    entry that is much smaller than the unit of t.
    """
    if not np.isfinite(given):
        return Slope(five_point(f, _STEPS[0])[0], given, "differs")
    found: dict[float, tuple[float, float]] = {}
    for step in (*_STEPS, *((1e-4 * shorter, 1e-5 * shorter) if shorter < 1e-2 else ())):
        value, values = five_point(f, step)
        if not np.isfinite(value):
            continue
        big = max(abs(value), abs(given), scale)
        if abs(value - given) <= tolerance * big:
            return Slope(value, given, "agrees")
        with np.errstate(all="ignore"):  # a bound on the rounding of the five-point derivative
            still = (values[0] == values[1]) & (values[2] == values[3])
            moved = float(np.sum(np.where(still, 0.0, sum(map(np.abs, values)))))
        rounding = 4 * _EPS / step * (moved + abs(value))
        hidden = 4 * _EPS / step * float(np.max(np.abs(values[0]), initial=0.0))
        if step == _STEPS[0] and max(abs(value), abs(given)) <= max(rounding, hidden):
            return Slope(given, given, "agrees")  # too small beside f's own numbers to be told from 0
        if abs(value - given) <= tolerance * big + min(rounding, tolerance * big):
            return Slope(value, given, "agrees")
        found[step] = value, rounding
    big = max([abs(given), scale, *(abs(value) for value, _ in found.values())])
    slope = _corner(f, given, big) or _settled(found, given, scale, tolerance)
    if slope.kind == "differs" and abs(found.get(_STEPS[0], (slope.value,))[0] - slope.value) > 1e-2 * big:
        low, high = _sides(f, _STEPS[0])
        if high - low <= 1e-2 * big:  # no corner near: small steps give only rounding errors, as with float32
            return Slope(slope.value, given, "rough")
    return slope


def _settled(found: Mapping[float, tuple[float, float]], given: float, scale: float, tolerance: float) -> Slope:
    """Return the Slope with the derivative on which two neighbouring steps agree best, compared with `given`.

    Rounding in f can exceed that of its values, as for 1 + tanh(x) near 0, and two steps can agree by chance. Therefore
    `given` also agrees if it is no farther away than the derivative at the next smaller step.
    """
    steps = sorted(found)
    pairs = [(abs(found[a][0] - found[b][0]) + found[a][1] + found[b][1], found[b][0], found[before][0])
             for before, a, b in zip([*steps[:1], *steps], steps, steps[1:], strict=False)]  # fmt: skip
    if not pairs:
        return Slope(np.nan, given, "rough")
    doubt, value, before = min(pairs)
    big = max(abs(value), abs(given), scale)
    if abs(value - given) <= tolerance * big + min(max(doubt, abs(before - value)), _SETTLED * big):
        return Slope(value, given, "agrees")
    return Slope(value, given, "differs" if doubt <= _SETTLED * big else "rough")


def _corner(f: Curve, given: float, big: float) -> Slope | None:
    """Return a corner's Slope if the slopes of both sides stay apart for small steps, entry by entry, or None."""
    wider, (low, high) = (_sides(f, step) for step in _ONE_SIDED)
    gap, before = high - low, wider[1] - wider[0]
    if not np.isfinite(gap) or gap <= 1e-4 * big or not before / 2 < gap < 3 * before:
        return None
    return Slope((low + high) / 2, given, "corner", low, high)


def _sides(f: Curve, h: float) -> tuple[float, float]:
    """Return the smallest and the largest sum of one-sided slopes, if each entry of f may take either side's."""
    with np.errstate(all="ignore"):
        here = 3 * f(0.0)
        right, left = 4 * f(h) - f(2 * h) - here, here - 4 * f(-h) + f(-2 * h)
        return float(np.sum(np.minimum(left, right))) / (2 * h), float(np.sum(np.maximum(left, right))) / (2 * h)


class Leaves:
    """An argument or a gradient as one flat float64 array: an array, a number, or lists and dicts of them.

    like: a value of equal form, whose order of keys is taken. TypeError for what holds other values, as complex ones.
    """

    def __init__(self, value: Any, like: Any = None) -> None:
        self.value = value
        self.leaves = list(leaves_of(value, "", like))
        parts = [np.asarray(leaf).astype(np.float64, casting="same_kind").ravel() for _, leaf in self.leaves]
        self._starts = [0, *accumulate(part.size for part in parts)]
        self.flat = parts[0] if len(parts) == 1 else np.concatenate([np.empty(0), *parts])

    def has_form_of(self, other: Leaves) -> bool:
        """Return whether both have arrays and numbers of the same shapes at the same places."""
        forms = [[(path, np.shape(leaf)) for path, leaf in each.leaves] for each in (self, other)]
        return forms[0] == forms[1]

    @cached_property
    def scales(self) -> np.ndarray:
        """Return the unit of a step for each entry: its size, but at least the root mean square of its array."""
        parts = [np.abs(self.flat[start:end]) for start, end in pairwise(self._starts)]
        units = [float(np.linalg.norm(part)) / max(part.size, 1) ** 0.5 or 1.0 for part in parts]
        return np.concatenate([np.empty(0), *map(np.maximum, parts, units)])

    def at(self, flat: np.ndarray) -> Any:
        """Return a value of the original's form, types and memory order with the entries of `flat`."""
        parts = (flat[start:end] for start, end in pairwise(self._starts))
        return mapped(lambda leaf: _refilled(leaf, next(parts)), self.value)

    def place(self, index: int) -> str:
        """Return the place of an entry as Python writes it, such as [0, 2] or ["w"][3]; "" for a number."""
        leaf = bisect_right(self._starts, index) - 1
        path, array = self.leaves[leaf]
        inside = np.unravel_index(index - self._starts[leaf], np.shape(array)) if np.ndim(array) else ()
        return path + (f"[{', '.join(map(str, inside))}]" if inside else "")

    def direction(self, seed: int) -> np.ndarray:
        """Return a random direction of uniform entries in [-1, 1), equal in every version of NumPy."""
        raw = np.random.PCG64(seed).random_raw(self.flat.size)
        return np.asarray(raw, np.float64) / 2.0**63 - 1


def leaves_of(value: Any, path: str = "", like: Any = None) -> Iterator[tuple[str, Any]]:
    """Yield the place and the value of each array or number in nested lists and dicts; a place is such as [0] or ['w'].

    like: a value of equal form, whose order of keys is taken.
    """
    if isinstance(value, Mapping):
        ordered = isinstance(like, Mapping) and like.keys() == value.keys()
        for key in like if ordered else value:
            yield from leaves_of(value[key], f"{path}[{key!r}]", like[key] if ordered else None)
    elif isinstance(value, list | tuple):
        models = like if isinstance(like, list | tuple) and len(like) == len(value) else [None] * len(value)
        for number, (item, model) in enumerate(zip(value, models, strict=True)):
            yield from leaves_of(item, f"{path}[{number}]", model)
    else:
        yield path, value


def mapped(change: Callable[[Any], Any], value: Any) -> Any:
    """Return the value with every array, number and object in its dicts, lists and tuples changed."""
    if isinstance(value, Mapping):
        return {key: mapped(change, item) for key, item in value.items()}
    return type(value)([mapped(change, item) for item in value]) if type(value) in (list, tuple) else change(value)


def _refilled(leaf: Any, part: np.ndarray) -> Any:
    if not isinstance(leaf, np.ndarray):
        return type(leaf)(part[0]) if isinstance(leaf, np.floating) else float(part[0])
    made = np.empty_like(leaf, np.float64, subok=False)
    made[...] = part.reshape(leaf.shape)
    return made
