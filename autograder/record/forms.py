"""Draws and judges as data: the engine's by name and arguments, a course's own by what they gave."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
_WRAPS: Mapping[str, Callable[..., Draw]] = {"fortran": fortran, "listed": listed}
_DRAWS: Mapping[str, Callable[..., Draw]] = {
    draw.__name__: draw for draw in (among, away, integers, normal, shares, spaced, uniform)
}


def recipe_of(draw: Any, rng: Generator) -> dict[str, Any] | None:
    """Return the draw or the constant as data: the engine's draws by name and arguments, a course's own by a small
    drawn value; None if only the course's code can draw it again."""
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


@dataclass(frozen=True)
class RecordedJudge:
    """Judge the outputs of one case by recorded verdicts.

    verdicts: outputs by name, and the sentence that says what is wrong with them, None if nothing is.
    """

    verdicts: Sequence[tuple[Mapping[str, Any], str | None]]

    def __call__(self, given: Mapping[str, Any], got: Any) -> str | None:
        """Return the verdict on recorded outputs, else raise Unrecorded. given: inputs, for `Free` outputs too."""
        for outputs, verdict in self.verdicts:
            alone = len(outputs) == 1
            recorded = next(iter(outputs.values())) if alone else outputs
            if same(got if alone else {name: given.get(name) for name in outputs}, recorded):
                return verdict
        raise Unrecorded("this answer was never judged")


def judge_form(judge: Accept | Free, inputs: Mapping[str, Any], put: Callable[[Any], Form]) -> Form | None:
    """Return the rule and the data of an engine's judge; None for a judge of the course's own code."""
    return {"rule": judge.rule, "facts": put(dict(judge.facts(inputs)))} if isinstance(judge, Judge) else None


def read_judge(form: Mapping[str, Any], reader: ValueReader) -> Accept | Free:
    """Return the judge of a JSON form."""
    if "rule" in form:
        facts = reader.get(form["facts"])
        return Judge(form["rule"], lambda inputs: facts)
    judge = RecordedJudge([(reader.get(outputs), verdict) for outputs, verdict in form["verdicts"]])
    return Free(judge) if form["free"] else judge
