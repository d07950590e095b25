"""The record of one exercise in memory: recorded calls, outcomes of known mistakes, training rows and times."""

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
    """Give the recorded calls, expected results and outcomes of one exercise."""

    facts: Mapping[str, Any]
    """The record's JSON."""
    reader: PoolReader
    """Reads the arrays that the JSON refers to."""
    redrawn_records: Sequence[Record] = ()
    """Records of the same cases with other inputs, read from the file on first use."""

    @property
    def seed(self) -> int:
        """Return the seed of the recorded inputs."""
        return int(self.facts["seed"])

    @cached_property
    def made(self) -> Mapping[str, Any]:
        """Return what a variant would compute once: the training rows and the result of the reference's training."""
        form = self.facts["training"]
        if form is None:
            return {}
        reference = Returned(self.reader.get(form["reference"]), form["cpu"] * self.pace)
        return {"rows": (self.rows, self.reader.get(form["rng"])), "reference training": reference}

    @cached_property
    def rows(self) -> Rows:
        """Return the rows of a training exercise."""
        return Rows(*map(self.reader.get, self.facts["training"]["rows"]))

    def calls(self, function: str, case: str) -> tuple[Pair, ...]:
        """Return one pair per step of the case; KeyError if there is no such case."""
        return tuple((self.reader.get(given), self.reader.get(expected))
                     for given, expected, *_ in self.facts["calls"][function][case])  # fmt: skip

    def slopes(self, function: str, case: str) -> Mapping[str, float]:
        """Return output → the reference forward's derivative along a direction; None where there is none."""
        slopes: Mapping[str, float] = self.facts["slopes"].get(function, {}).get(case, {})
        return slopes

    def steps(self, function: str, case: str) -> Mapping[str, Any] | None:
        """Return the intermediate results on this case; None if the exercise names none."""
        _, _, steps, _ = self.facts["calls"][function][case][0]
        return None if steps is None else self.reader.get(steps)

    def terms(self, function: str, case: str) -> Iterator[tuple[dict[str, Any], list[Any]]]:
        """Yield the inputs of each step, and for each `Terms` invariant the terms whose sum is the output."""
        for given, _, _, terms in self.facts["calls"][function][case]:
            if terms:
                yield self.reader.get(given), [self.reader.get(form) for form in terms]

    def timed(self, function: Function, case: Case, rng: Generator) -> tuple[Any, ...]:
        """Return inputs, samples of the expected outputs, and the reference's estimated seconds here.

        Raise Unrecorded if drawing the inputs needs the course's code, or this NumPy draws other numbers.
        """
        form = self.facts["timed"][function.name][case.name]
        if form is None:
            raise Unrecorded(f"{function.name} is not timed from a record")
        drawn = {name: draw_of(self.reader.get(part)) for name, part in form["draws"].items()}
        inputs = timed_inputs(function, replace(case, draws=drawn), form["out"], rng)
        if digest(inputs) != form["digest"]:
            raise Unrecorded(f"NumPy {np.__version__} draws other numbers than {self.facts['numpy']}")
        return inputs, self.reader.get(form["expected"]), form["seconds"] * self.pace

    @property
    def pace(self) -> float:
        """Return this machine's time divided by the recording machine's time, correct within a factor of `doubt`."""
        return kernels.pace(kernels.once(), self.facts["kernels"])

    @property
    def doubt(self) -> float:
        """Return the factor by which `pace` may be wrong."""
        return kernels.doubt(kernels.least(), self.facts["kernels"])

    def implementation(self, mistake: Mistake) -> Implementation:
        """Return an implementation that replays this known mistake; calls not recorded raise Unrecorded."""
        outcomes = self.facts["mistake_outcomes"][mistake.name]
        signatures = dict(map(_signature, self.facts["functions"]))
        return ReplayedImplementation(
            ((self.mistake_calls[number], self.outcome(form)) for number, form in outcomes), signatures
        )

    @cached_property
    def mistake_calls(self) -> list[RecordedCall]:
        """Return all distinct recorded calls to known mistakes."""
        return [
            RecordedCall(function, tuple(map(self.reader.get, args)), self.reader.get(kwargs))
            for function, args, kwargs in self.facts["mistake_calls"]
        ]

    def outcome(self, form: Mapping[str, Any]) -> Outcome:
        """Return the outcome of a recorded call from its JSON form."""
        if "raised" in form:
            return Raised(form["raised"], form["message"])
        return Returned(
            self.reader.get(form["value"]), changed=tuple(form.get("changed", ()))
        )


def _signature(form: Mapping[str, Any]) -> tuple[str, Signature]:
    positional = tuple(form["positional"])
    return form["name"], Signature(positional, (*positional, *form["keywords"]), positional)


def timed_inputs(function: Function, case: Case, out: Sequence[int] | None, rng: Generator) -> dict[str, Any]:
    """Draw the inputs of a timed case. out: the shape of forward's output, if the function takes a cotangent."""
    inputs = draw_inputs(function.forward or function, case, rng)
    return {"dout": cotangent(tuple(out))(rng), **inputs} if out is not None else inputs


def outcome_form(outcome: Outcome, put: Any) -> dict[str, Any]:
    """Return the JSON form of the outcome of a trusted call. put: stores a value in the array pool."""
    match outcome:
        case Returned(value=value, changed=changed):
            form: dict[str, Any] = {"value": put(value)}
            return form | ({"changed": list(changed)} if changed else {})
        case Raised(kind=kind, message=message):
            return {"raised": kind, "message": message}
    raise TypeError(f"{outcome} is no outcome of code that we trust")
