"""Where the truth is a set, the course's judge stays at home: what travels is what it said of the recorded answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.errors import Unrecorded
from autograder.numeric.compare import same
from autograder.record.array_pool import Form, PoolReader
from autograder.spec.function import Accept, Free
from autograder.spec.judges import Judge


@dataclass(frozen=True)
class Remembered:
    """A judge of one case. said: an answer's outputs by name, and what is wrong with them, None when nothing is."""

    said: Sequence[tuple[Mapping[str, Any], str | None]]

    def __call__(self, given: Mapping[str, Any], got: Any) -> str | None:
        """The verdict on recorded outputs; Unrecorded for any other. given: inputs, and for a Free one the outputs."""
        for outputs, verdict in self.said:
            if same(got if len(outputs) == 1 else {name: given.get(name) for name in outputs}, _only(outputs)):
                return verdict
        raise Unrecorded("this answer was never judged")


def judge_form(judge: Accept | Free, inputs: Mapping[str, Any], put: Callable[[Any], Form]) -> Form | None:
    """The engine's rule with its facts; None for a judge of the course's own."""
    return {"rule": judge.rule, "facts": put(dict(judge.facts(inputs)))} if isinstance(judge, Judge) else None


def read_judge(form: Mapping[str, Any], library: PoolReader) -> Accept | Free:
    """The judge of a form."""
    if "rule" in form:
        facts = library.get(form["facts"])
        return Judge(form["rule"], lambda inputs: facts)
    judge = Remembered([(library.get(outputs), verdict) for outputs, verdict in form["said"]])
    return Free(judge) if form["free"] else judge


def _only(outputs: Mapping[str, Any]) -> Any:
    return next(iter(outputs.values())) if len(outputs) == 1 else outputs
