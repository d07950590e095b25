"""Judges in a record: the engine's judges by rule and data, a course's own by its verdicts on recorded outputs."""

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
class RecordedJudge:
    """Judge the outputs of one case by recorded verdicts.

    verdicts: outputs by name, and the sentence that says what is wrong with them, None if nothing is.
    """

    verdicts: Sequence[tuple[Mapping[str, Any], str | None]]

    def __call__(self, given: Mapping[str, Any], got: Any) -> str | None:
        """Return the verdict on recorded outputs, else raise Unrecorded. given: inputs, for `Free` outputs too."""
        for outputs, verdict in self.verdicts:
            if same(got if len(outputs) == 1 else {name: given.get(name) for name in outputs}, _only(outputs)):
                return verdict
        raise Unrecorded("this answer was never judged")


def judge_form(judge: Accept | Free, inputs: Mapping[str, Any], put: Callable[[Any], Form]) -> Form | None:
    """Return the rule and the data of an engine's judge; None for a judge of the course's own code."""
    return {"rule": judge.rule, "facts": put(dict(judge.facts(inputs)))} if isinstance(judge, Judge) else None


def read_judge(form: Mapping[str, Any], reader: PoolReader) -> Accept | Free:
    """Return the judge of a JSON form."""
    if "rule" in form:
        facts = reader.get(form["facts"])
        return Judge(form["rule"], lambda inputs: facts)
    judge = RecordedJudge([(reader.get(outputs), verdict) for outputs, verdict in form["verdicts"]])
    return Free(judge) if form["free"] else judge


def _only(outputs: Mapping[str, Any]) -> Any:
    return next(iter(outputs.values())) if len(outputs) == 1 else outputs
