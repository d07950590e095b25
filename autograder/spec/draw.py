"""Draws: recipes for the inputs of cases. A Draw is called with a Generator and returns a fresh array."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import prod
from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.spec.function import Case
from autograder.values import Rng


@dataclass(frozen=True)
class Draw:
    """A recipe for one argument of a case. text: how it prints in error messages. recipe: name and arguments of the
    function of this module that made it; empty for a course's own code."""

    make: Callable[[Generator], Any]
    text: str
    recipe: tuple[Any, ...] = ()

    def __call__(self, rng: Generator) -> Any:
        return self.make(rng)


def _recipe(name: str, shape: tuple[int, ...], make: Callable[[Generator], Any], **options: Any) -> Draw:
    return Draw(make, f"{name}{shape}", (name, shape, options))


_MANY = 2**16  # an array with more entries is only timed, and drawing Gaussian numbers takes longer than its function


def _standard(rng: Generator, shape: tuple[int, ...], scale: float = 1.0, shift: float = 0.0) -> np.ndarray:
    """Return float64 numbers of this mean and deviation: Gaussian ones, or uniform ones if they are more than _MANY."""
    if prod(shape) <= _MANY:
        return shift + scale * rng.standard_normal(shape)
    return 12**0.5 * scale * rng.random(shape) + (shift - 3**0.5 * scale)


def normal(*shape: int, scale: float = 1.0, shift: float = 0.0) -> Draw:
    """Return a draw of float64 numbers of this shape: Gaussian ones, or uniform ones if they are only timed."""
    return _recipe("normal", shape, lambda rng: _standard(rng, shape, scale, shift), scale=scale, shift=shift)


def uniform(*shape: int, low: float = 0.0, high: float = 1.0) -> Draw:
    """Return a draw of uniform float64 numbers in [low, high)."""
    return _recipe("uniform", shape, lambda rng: rng.uniform(low, high, shape), low=low, high=high)


def integers(*shape: int, below: int) -> Draw:
    """Return a draw of uniform int64 numbers in [0, below)."""
    return _recipe("integers", shape, lambda rng: rng.integers(0, below, shape), below=below)


def away(*shape: int, margin: float = 0.05, scale: float = 1.0) -> Draw:
    """Return a draw of Gaussian numbers at least `margin` away from 0, where a kink has no single derivative."""

    def make(rng: Generator) -> np.ndarray:
        values = _standard(rng, shape, scale)
        return values + np.copysign(margin, values)

    return _recipe("away", shape, make, margin=margin, scale=scale)


def spaced(*shape: int, gap: float = 0.05) -> Draw:
    """Return a draw of distinct float64 numbers at least `gap` apart, around 0 in random order, so without ties."""

    def make(rng: Generator) -> np.ndarray:
        size = int(np.prod(shape))
        steps = np.arange(size) - (size - 1) / 2 + rng.uniform(-0.2, 0.2, size)
        return rng.permutation(steps * gap / 0.6).reshape(shape)

    return _recipe("spaced", shape, make, gap=gap)


def among(*shape: int, values: tuple[float, ...]) -> Draw:
    """Return a draw of float64 entries, each of them one of these values."""
    table = np.array(values, float)
    return _recipe("among", shape, lambda rng: table[rng.integers(0, len(values), shape)], values=list(values))


def shares(*shape: int, least: float = 0.1) -> Draw:
    """Return a draw of positive float64 that sum to 1 along the last axis, with ratios of at most 1 / `least`."""

    def make(rng: Generator) -> Any:
        x = rng.uniform(least, 1, shape)
        return x / x.sum(axis=-1, keepdims=True)

    return _recipe("shares", shape, make, least=least)


def whole(*shape: int, by: float = 1.0) -> Draw:
    """Return a draw of distinct small whole numbers other than 0, divided by `by`, to calculate with on paper."""

    def make(rng: Generator) -> Any:
        size = int(np.prod(shape))
        below = max(2, size // 2)
        near = [number for number in range(-below, size - below + 5) if number]
        return rng.permutation(near)[:size].astype(np.float64).reshape(shape)[()] / by

    return Draw(make, f"whole{shape}")


def literal(values: Any, dtype: Any = np.float64) -> Draw:
    """Return a draw that always gives these values, as a fresh array."""
    return Draw(lambda rng: np.array(values, dtype=dtype), f"literal{np.shape(values)}")


def fortran(draw: Draw) -> Draw:
    """Return a draw whose values are in Fortran memory order."""
    return Draw(lambda rng: np.asfortranarray(draw(rng)), f"fortran {draw.text}", ("fortran", (draw,), {}))


def scaled(draw: Draw, factor: float) -> Draw:
    """Return a draw whose float64 values are multiplied by a factor; other values stay as they are."""

    def make(rng: Generator) -> Any:
        value = draw(rng)
        return factor * value if np.asarray(value).dtype == np.float64 else value

    return Draw(make, f"{factor:g} * {draw.text}")


def generator() -> Draw:
    """Return a draw of a seeded generator, which reaches the student as `np.random.Generator`."""
    return Draw(lambda rng: Rng(int(rng.integers(0, 2**63))), "generator")


def listed(*draws: Draw) -> Draw:
    """Return a draw of a list, with one array for each of the given draws."""
    return Draw(lambda rng: [draw(rng) for draw in draws], f"listed{len(draws)}", ("listed", draws, {}))


def derived(make: Callable[[Generator], Any], text: str = "derived") -> Draw:
    """Return a draw that calls `make`, a function of the author's. text: how it prints in error messages."""
    return Draw(make, text)


SCALES = (1e3, 1e-5, 1e3)
"""Scales of gradients: those of ordinary size do not show that an answer clips, rounds or flushes them."""


def cotangent(shape: tuple[int, ...], scale: float = 1.0) -> Draw:
    """Return a draw of a Gaussian upstream gradient; an array of ones would miss 17 of 26 wrong backwards."""
    return normal(*shape, scale=scale)


def with_cotangents(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Return a backward's cases with a large `dout` in two and a small one in another; a `dout` that is drawn stays."""
    if any("dout" in case.draws for case in cases):
        return cases
    return _scaled(cases, "dout", lambda case, scale: {"dout": partial(cotangent, scale=scale)})


def with_states(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Return the cases of an optimizer, with its state and the gradient large in two of them, and small in another."""
    return _scaled(cases, "all arrays", lambda case, scale: {
        name: scaled(draw, scale) for name, draw in case.draws.items() if isinstance(draw, Draw)})  # fmt: skip


def _scaled(cases: tuple[Case, ...], words: str, draws: Callable[[Case, float], Mapping[str, Any]]) -> tuple[Case, ...]:
    """Return the cases with the last three hidden ones that have one right answer at the three SCALES; where these are
    few, they stay and two cases are added."""
    hidden = [case for case in cases if not (case.public or case.accept or case.check)]
    models = tuple(hidden[: -len(SCALES) - 1 : -1]) if len(hidden) > len(SCALES) else model(cases) * 2
    kept = cases if len(hidden) <= len(SCALES) else tuple(c for c in cases if not any(c is other for other in models))
    return kept + tuple(replace(case, name=f"{case.name}, {words} times {scale:g}", public=False,
                                draws={**case.draws, **draws(case, scale)})
                        for scale, case in zip(SCALES, models, strict=False))  # fmt: skip


def model(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Return a typical case: the second hidden one with one right answer, as the first is often a batch of one."""
    return (tuple(case for case in cases if not (case.public or case.accept)) or cases)[:2][-1:]
