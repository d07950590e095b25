"""What a recorded exercise answers from: its questions, its known mistakes' outcomes, its training rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.checks.variant import draw_inputs
from autograder.errors import Unrecorded
from autograder.implementation import Implementation, Outcome, Raised, Returned, Signature
from autograder.numeric import kernels
from autograder.record.array_pool import PoolReader
from autograder.record.recipes import draw_of
from autograder.record.replay import RecordedCall, ReplayedImplementation, digest
from autograder.spec.exercise import Mistake
from autograder.spec.function import Case, Function
from autograder.spec.scales import cotangent
from autograder.spec.training import Rows

Pair = tuple[dict[str, Any], dict[str, Any]]
"""Inputs and expected outputs by name."""


@dataclass(frozen=True, eq=False)
class Record:
    """facts: the record's JSON. twins: the records of the same questions with other inputs, read when asked for."""

    facts: Mapping[str, Any]
    library: PoolReader
    redrawn_records: Sequence[Record] = ()

    @property
    def seed(self) -> int:
        """The seed of the recorded paper."""
        return int(self.facts["seed"])

    @cached_property
    def made(self) -> Mapping[str, Any]:
        """What a paper makes once, made already: a training's rows and the reference's own training."""
        form = self.facts["training"]
        if form is None:
            return {}
        reference = Returned(self.library.get(form["reference"]), form["cpu"] * self.pace)
        return {"rows": (self.rows, self.library.get(form["rng"])), "reference training": reference}

    @cached_property
    def rows(self) -> Rows:
        """What is trained on."""
        return Rows(*map(self.library.get, self.facts["training"]["rows"]))

    def calls(self, function: str, case: str) -> tuple[Pair, ...]:
        """One pair per step of the case; KeyError where there is no such case."""
        return tuple((self.library.get(given), self.library.get(expected))
                     for given, expected, *_ in self.facts["questions"][function][case])  # fmt: skip

    def steps(self, function: str, case: str) -> Mapping[str, Any] | None:
        """The intermediate results on this case, where the exercise names some."""
        _, _, steps, _ = self.facts["questions"][function][case][0]
        return None if steps is None else self.library.get(steps)

    def terms(self, function: str, case: str) -> Iterator[tuple[dict[str, Any], list[Any]]]:
        """Inputs, and what the exercise says that outputs are the sum of, law by law."""
        for given, _, _, terms in self.facts["questions"][function][case]:
            if terms:
                yield self.library.get(given), [self.library.get(form) for form in terms]

    def timed(self, function: Function, case: Case, rng: Generator) -> tuple[Any, ...]:
        """The inputs, samples of the expected outputs, the reference's seconds on this machine, and its shapes.

        Unrecorded where the course's own code would be needed, or this NumPy draws other numbers than the course's.
        """
        form = self.facts["timed"][function.name][case.name]
        if form is None:
            raise Unrecorded(f"{function.name} is not timed from a record")
        drawn = {name: draw_of(self.library.get(part)) for name, part in form["draws"].items()}
        inputs = timed_inputs(function, replace(case, draws=drawn), form["out"], rng)
        if digest(inputs) != form["digest"]:
            raise Unrecorded(f"NumPy {np.__version__} draws other numbers than {self.facts['numpy']}")
        shapes = [tuple(shape) for shape in form["shapes"]]
        return inputs, self.library.get(form["expected"]), form["seconds"] * self.pace, shapes

    @property
    def pace(self) -> float:
        """How many times as long this machine takes now as the one that recorded, within a factor of `doubt`."""
        return kernels.pace(kernels.once(), self.facts["kernels"])

    @property
    def doubt(self) -> float:
        """See `pace`."""
        return kernels.doubt(kernels.least(), self.facts["kernels"])

    def implementation(self, mistake: Mistake) -> Implementation:
        """Somebody who makes this mistake, at recorded questions alone."""
        tape = self.facts["tapes"][mistake.name]
        signatures = dict(map(_signature, self.facts["functions"]))
        return ReplayedImplementation(
            ((self.mistake_calls[number], self.outcome(form)) for number, form in tape), signatures
        )

    @cached_property
    def mistake_calls(self) -> list[RecordedCall]:
        """Every question that was asked of a mistake, once."""
        return [
            RecordedCall(function, tuple(map(self.library.get, args)), self.library.get(kwargs))
            for function, args, kwargs in self.facts["calls"]
        ]

    def outcome(self, form: Mapping[str, Any]) -> Outcome:
        """What came of a call."""
        if "raised" in form:
            return Raised(form["raised"], form["message"])
        return Returned(
            self.library.get(form["value"]), changed=tuple(form.get("changed", ())), warned=form.get("warned", False)
        )


def _signature(form: Mapping[str, Any]) -> tuple[str, Signature]:
    positional = tuple(form["positional"])
    return form["name"], Signature(positional, (*positional, *form["keywords"]), positional)


def timed_inputs(function: Function, case: Case, out: Sequence[int] | None, rng: Generator) -> dict[str, Any]:
    """A case's inputs as they are timed. out: the shape of forward's output, where the function takes a cotangent."""
    inputs = draw_inputs(function.forward or function, case, rng)
    return {"dout": cotangent(tuple(out))(rng), **inputs} if out is not None else inputs


def outcome_form(outcome: Outcome, put: Any) -> dict[str, Any]:
    """The form of a trusted call's outcome, which returned or raised. put: of a shelf."""
    match outcome:
        case Returned(value=value, changed=changed, warned=warned):
            form: dict[str, Any] = {"value": put(value)}
            return form | ({"changed": list(changed)} if changed else {}) | ({"warned": True} if warned else {})
        case Raised(kind=kind, message=message):
            return {"raised": kind, "message": message}
    raise TypeError(f"{outcome} is no outcome of code that we trust")
