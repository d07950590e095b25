"""Scales of gradients. Gradients of ordinary size do not show that an answer clips, rounds or flushes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from autograder.spec.draw import Draw, normal, scaled

if TYPE_CHECKING:
    from autograder.spec.function import Case

SCALES = (1e3, 1e-5, 1e3)


def cotangent(shape: tuple[int, ...], scale: float = 1.0) -> Draw:
    """A random upstream gradient: ones are blind to 17 of 26 wrong backwards."""
    return normal(*shape, scale=scale)


def with_cotangents(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """The cases of a backward, with large `dout` in two of them and with small in another, unless a case says what
    `dout` is."""
    if any("dout" in case.draws for case in cases):
        return cases
    return _scaled(cases, "dout", lambda case, scale: {"dout": partial(cotangent, scale=scale)})


def with_states(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """The cases of an optimizer, with its state and the gradient large in two of them, and small in another."""
    return _scaled(cases, "all arrays", lambda case, scale: {
        name: scaled(draw, scale) for name, draw in case.draws.items() if isinstance(draw, Draw)})  # fmt: skip


def _scaled(
    cases: tuple[Case, ...], words: str, draws: Callable[[Case, float], Mapping[str, Any]]
) -> tuple[Case, ...]:
    """The last hidden cases that have one right answer, each at a scale; where they are few, two more cases instead."""
    hidden = [case for case in cases if not (case.public or case.accept or case.check)]
    models = tuple(hidden[: -len(SCALES) - 1 : -1]) if len(hidden) > len(SCALES) else model(cases) * 2
    kept = cases if len(hidden) <= len(SCALES) else tuple(c for c in cases if not any(c is other for other in models))
    return kept + tuple(
        replace(
            case, name=f"{case.name}, {words} times {scale:g}", public=False, draws={**case.draws, **draws(case, scale)}
        )
        for scale, case in zip(SCALES, models, strict=False)
    )


def model(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """A case like most: the second hidden one that has one right answer, as the first is often a batch of one."""
    return (tuple(case for case in cases if not (case.public or case.accept)) or cases)[:2][-1:]
