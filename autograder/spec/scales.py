"""Cases at other scales. Gradients of ordinary size do not show that an answer clips, rounds or flushes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from autograder.spec.draw import Draw, normal, scaled

if TYPE_CHECKING:
    from autograder.spec.function import Case

SCALES = (1e3, 1e-3)


def cotangent(shape: tuple[int, ...], scale: float = 1.0) -> Draw:
    """A random upstream gradient: ones are blind to 17 of 26 wrong backwards."""
    return normal(*shape, scale=scale)


def with_cotangents(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """The cases of a backward, and two more with large and with small `dout`, unless a case says what `dout` is."""
    if any("dout" in case.draws for case in cases):
        return cases
    return cases + tuple(
        _hidden(case, {"dout": partial(cotangent, scale=scale)}, f"dout times {scale:g}")
        for case in model(cases)
        for scale in SCALES
    )


def with_states(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """The cases of an optimizer, and two more in which its state and the gradient are large, and small."""
    return cases + tuple(
        _hidden(case, {name: scaled(draw, scale) for name, draw in case.draws.items() if isinstance(draw, Draw)},
                f"all arrays times {scale:g}")
        for case in model(cases)
        for scale in SCALES
    )  # fmt: skip


def model(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """A case like most: the second hidden one that has one right answer, as the first is often a batch of one."""
    return (tuple(case for case in cases if not (case.public or case.accept)) or cases)[:2][-1:]


def _hidden(case: Case, draws: Mapping[str, Any], words: str) -> Case:
    return replace(case, name=f"{case.name}, {words}", public=False, draws={**case.draws, **draws})
