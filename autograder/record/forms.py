"""Draws and judges as data: the engine's by name and arguments, a course's own by their recorded results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.errors import Unrecorded
from autograder.numeric.compare import same
from autograder.record.file import Form, ValueReader
from autograder.spec.draw import Draw, among, away, fortran, integers, listed, normal, shares, spaced, uniform
from autograder.spec.function import Accept, Free
from autograder.spec.judges import Judge

_LARGE = 512
_DRAWS: Mapping[str, Callable[..., Draw]] = {
    draw.__name__: draw for draw in (among, away, fortran, integers, listed, normal, shares, spaced, uniform)
}


def recipe_of(draw: Any, rng: Generator) -> dict[str, Any] | None:
    """Return the draw or the constant as data: the engine's draws by name and arguments, a course's own by a small
    drawn value; None if only the course's code can draw it again."""
    if not isinstance(draw, Draw):
        return {"value": draw}
    if draw.recipe:
        name, given, options = draw.recipe
        args = [recipe_of(part, rng) for part in given]
        return None if None in args else {"draw": name, "args": args, "kwargs": options}
    value = draw(rng)
    return {"value": value} if np.size(value) <= _LARGE else None


def draw_of(form: Mapping[str, Any]) -> Any:
    """Return the draw or the constant that `recipe_of` converted to this form; KeyError if the form is invalid."""
    if "draw" in form:
        return _DRAWS[form["draw"]](*map(draw_of, form["args"]), **form["kwargs"])
    return form["value"]


def recorded_judge(verdicts: Sequence[tuple[Mapping[str, Any], str | None]]) -> Accept:
    """Return a judge of one case's outputs by recorded verdicts, which raises Unrecorded for other outputs.

    verdicts: outputs by name, and the sentence that says what is wrong with them, None if nothing is.
    """

    def judge(given: Mapping[str, Any], got: Any) -> str | None:  # given: inputs, for `Free` outputs too
        for outputs, verdict in verdicts:
            alone = len(outputs) == 1
            recorded = next(iter(outputs.values())) if alone else outputs
            if same(got if alone else {name: given.get(name) for name in outputs}, recorded):
                return verdict
        raise Unrecorded("this answer was never judged")

    return judge


def judge_form(judge: Accept | Free, inputs: Mapping[str, Any], put: Callable[[Any], Form]) -> Form | None:
    """Return the rule and the data of an engine's judge; None for a judge of the course's own code."""
    return {"rule": judge.rule, "facts": put(dict(judge.facts(inputs)))} if isinstance(judge, Judge) else None


def read_judge(form: Mapping[str, Any], reader: ValueReader) -> Accept | Free:
    """Return the judge that a record holds as this JSON form."""
    if "rule" in form:
        facts = reader.get(form["facts"])
        return Judge(form["rule"], lambda inputs: facts)
    judge = recorded_judge([(reader.get(outputs), verdict) for outputs, verdict in form["verdicts"]])
    return Free(judge) if form["free"] else judge
