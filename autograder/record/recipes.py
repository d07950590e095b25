"""Draws as data: the engine's draws by name and arguments, a course's own by a small drawn value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.record.array_pool import Form
from autograder.spec.draw import Draw, among, away, fortran, integers, listed, normal, shares, spaced, uniform

_LARGE = 512
_WRAPS: Mapping[str, Callable[..., Draw]] = {"fortran": fortran, "listed": listed}
_DRAWS: Mapping[str, Callable[..., Draw]] = {
    draw.__name__: draw for draw in (among, away, integers, normal, shares, spaced, uniform)
}


def recipe_of(draw: Any, rng: Generator) -> Form | None:
    """Return the draw or the constant as data; None if only the course's code can draw it again."""
    if not isinstance(draw, Draw):
        return {"value": draw}
    if draw.recipe:
        name, args, kwargs = draw.recipe
        if name not in _WRAPS:
            return {"draw": name, "args": list(args), "kwargs": kwargs}
        parts = [recipe_of(part, rng) for part in args]
        return None if None in parts else {"wrap": name, "parts": parts}
    value = draw(rng)
    return {"value": value} if np.size(value) <= _LARGE else None


def draw_of(form: Mapping[str, Any]) -> Any:
    """Return the draw or the constant of a form; KeyError if the form is invalid."""
    if "draw" in form:
        return _DRAWS[form["draw"]](*form["args"], **form["kwargs"])
    if "wrap" in form:
        return _WRAPS[form["wrap"]](*(draw_of(part) for part in form["parts"]))
    return form["value"]
