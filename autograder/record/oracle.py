"""Oracle of a record: recorded calls with their outcomes, looked up by a digest of the arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from inspect import Parameter
from typing import Any

import numpy as np

from autograder.checks.variant import arguments, draw_inputs, timed_stream
from autograder.errors import Unrecorded
from autograder.implementation import Absent, Forwarder, Implementation, Outcome, Raised, Request, Returned, Signature
from autograder.numeric import kernels
from autograder.record.file import ValueReader, digest
from autograder.record.forms import draw_of
from autograder.spec.draw import cotangent
from autograder.spec.exercise import Call, Inputs, Mistake, Rows, TimedCall, Training
from autograder.spec.function import Case, Function, Terms
from autograder.values import Rng


@dataclass(frozen=True, eq=False)
class RecordedOracle:
    """Oracle that answers from a record; a question that the record holds no answer to raises Unrecorded."""

    facts: Mapping[str, Any]
    """The record's JSON."""
    reader: ValueReader
    """Reads the arrays that the JSON refers to."""
    load_redrawn: Callable[[], Sequence[RecordedOracle]] = tuple
    """Reads the records of the same cases with other inputs, which have calls only."""

    _drawn: dict[tuple[str, str], Inputs] = field(default_factory=dict, init=False)
    """Inputs of the case that was timed last; one case alone is kept, because its arrays are large."""

    is_public = True

    @property
    def seed(self) -> int:
        """Return the seed of the recorded inputs."""
        return int(self.facts["seed"])

    def calls(self, function: Function, case: Case) -> tuple[Call, ...]:
        """Return the recorded calls; KeyError if there is no such case."""
        return tuple(Call(self.reader.get(given), self.reader.get(expected))
                     for given, expected, *_ in self.facts["calls"][function.name][case.name])  # fmt: skip

    def slope(self, function: Function, case: Case, output: str, measure: Callable[[], float | None]) -> float | None:
        """Return the recorded derivative; None where there is none."""
        slope: float | None = self.facts["slopes"].get(function.name, {}).get(case.name, {}).get(output)
        return slope

    def rows(self, training: Training) -> tuple[Rows, Rng]:
        """Return the recorded rows of the training, and the generator that train gets."""
        return training.rows(np.random.default_rng(0)), self.reader.get(self.facts["training"]["rng"])

    def trained(self, train: Function, inputs: Inputs) -> Returned:
        """Return the recorded params of the reference's train, with its CPU time estimated for this machine."""
        form = self.facts["training"]
        return Returned(self.reader.get(form["reference"]), form["cpu"] * self.pace)

    def timed(self, function: Function, case: Case, round: int) -> TimedCall:
        """Return one call for all rounds, with samples of the expected outputs and the estimated seconds here.

        Raise Unrecorded if drawing the inputs needs the course's code, or this NumPy draws other numbers.
        """
        form = self.facts["timed"][function.name][case.name]
        if form is None:
            raise Unrecorded(f"{function.name} is not timed from a record")
        key = function.name, case.name
        if key not in self._drawn:
            drawn = {name: draw_of(self.reader.get(part)) for name, part in form["draws"].items()}
            rng = timed_stream(self.seed, function, case)
            inputs = draw_inputs(function.forward or function, replace(case, draws=drawn), rng)
            if form["out"] is not None:
                inputs = {"dout": cotangent(tuple(form["out"]))(rng), **inputs}
            if digest(inputs) != form["digest"]:
                raise Unrecorded(f"NumPy {np.__version__} draws other numbers than {self.facts['numpy']}")
            self._drawn.clear()
            self._drawn[key] = inputs
        return TimedCall(self._drawn[key], self.reader.get(form["expected"]), form["seconds"] * self.pace, sampled=True)

    @property
    def pace(self) -> float:
        """Return this machine's time divided by the recording machine's time, correct within a factor of `doubt`."""
        return kernels.pace(kernels.once(), self.facts["kernels"])

    @property
    def doubt(self) -> float:
        """Return the factor by which `pace` may be wrong."""
        return kernels.doubt(kernels.least(), self.facts["kernels"])

    def redrawn(self, number: int) -> RecordedOracle:
        """Return the oracle of the same cases with other inputs. number: which one, from 1."""
        found = self.load_redrawn()
        if number > len(found):
            raise Unrecorded(f"{len(found)} redrawn variants are recorded")
        return found[number - 1]

    def implementation(self, mistake: Mistake) -> Implementation:
        """Return an implementation that replays this known mistake."""
        outcomes = self.facts["mistake_outcomes"].get(mistake.name, ())
        signatures = {
            form["name"]: Signature(tuple(form["positional"]), (*form["positional"], *form["keywords"]),
                                    tuple(form["positional"]))
            for form in self.facts["functions"]
        }  # fmt: skip
        calls = [
            (self._mistake_calls[number],
             Raised(form["raised"], form["message"]) if "raised" in form
             else Returned(self.reader.get(form["value"]), changed=tuple(form.get("changed", ()))))
            for number, form in outcomes
        ]  # fmt: skip
        return ReplayedImplementation(calls, signatures)

    @cached_property
    def _mistake_calls(self) -> list[str]:
        """Return the keys of all distinct recorded calls to known mistakes."""
        return [
            key_of(Request(function, tuple(map(self.reader.get, args)), self.reader.get(kwargs)))
            for function, args, kwargs in self.facts["mistake_calls"]
        ]

    def results(self, function: Function, case: Case) -> Iterator[tuple[Inputs, dict[str, Any], Any, list[Any]]]:
        """Yield of each recorded call: inputs, expected outputs, intermediate results or None, terms of invariants."""
        for given, expected, steps, terms in self.facts["calls"][function.name][case.name]:
            yield (*map(self.reader.get, (given, expected, steps)), list(map(self.reader.get, terms)))


def key_of(call: Request) -> str:
    """Return a digest of a call that is equal for arguments that are equal to the bit."""
    return digest((call.function, call.args, call.kwargs))


class Recorder(Forwarder):
    """Implementation that passes calls on to another one, and records each with its outcome."""

    def __init__(self, implementation: Implementation) -> None:
        super().__init__(implementation)
        self.calls: list[tuple[Request, Outcome]] = []

    def respond(self, request: Request, seconds: float | None) -> Any:
        """Return the implementation's response; record it if it is the outcome of a call."""
        response = super().respond(request, seconds)
        if request.args is not None:
            self.calls.append((request, response))
        return response


class ReplayedImplementation(Implementation):
    """Implementation that returns recorded outcomes; they are given with the keys of their calls.

    A repeated call gets the next recorded outcome, after the last one that again. A call without one raises Unrecorded.
    """

    def __init__(self, calls: Iterable[tuple[str, Outcome]], signatures: Mapping[str, Signature]) -> None:
        self._signatures = signatures
        self._outcomes: dict[str, list[Outcome]] = {}
        for key, outcome in calls:
            self._outcomes.setdefault(key, []).append(outcome)

    def respond(self, request: Request, seconds: float | None) -> Any:
        """Return the recorded outcome of the call, or the signature that the exercise asks for."""
        name = request.function
        if request.args is None:
            return self._signatures.get(name) or Absent("missing", f"{name} is not recorded")
        found = self._outcomes.get(key_of(request))
        if not found:
            raise Unrecorded(f"{name} was never asked this")
        return found.pop(0) if len(found) > 1 else found[0]


class RecordedFunction:
    """A reference that returns recorded results; other calls raise Unrecorded."""

    def __init__(
        self, name: str, positional: Sequence[str], keywords: Sequence[str], defaults: Mapping[str, Any]
    ) -> None:
        self.__name__ = name
        given = {name: defaults.get(name, Parameter.empty) for name in (*positional, *keywords)}
        first = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=given[name]) for name in positional]
        others = [Parameter(name, Parameter.KEYWORD_ONLY, default=given[name]) for name in keywords]
        self.__signature__ = inspect.Signature(first + others)
        self._defaults = {name: defaults[name] for name in keywords if name in defaults}
        self._calls: list[tuple[Request, Any]] = []
        self._answers: dict[str, Any] = {}

    def add(self, args: tuple[Any, ...], kwargs: Mapping[str, Any], value: Any) -> None:
        """Add a call and the value that the reference returned."""
        self._calls.append((self._call(args, kwargs), value))

    def _call(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Request:
        """Return the call with defaults filled in, so that an omitted default equals an explicit one."""
        return Request(self.__name__, args, dict(sorted({**self._defaults, **kwargs}.items())))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        while self._calls:  # computed on the first call, because digests take time
            call, value = self._calls.pop()
            self._answers.setdefault(key_of(call), value)
        key = key_of(self._call(args, kwargs))
        if key not in self._answers:
            raise Unrecorded(f"the reference's {self.__name__} is not here, and this question was not recorded")
        return self._answers[key]


def add_answer(oracle: Any, function: Function, inputs: Inputs, outputs: Mapping[str, Any]) -> None:
    """Add to a recorded function with the signature of `function` the outputs of the reference for these inputs."""
    assert isinstance(oracle, RecordedFunction)
    values = tuple(outputs.values())
    oracle.add(*arguments(function, inputs), values[0] if len(values) == 1 else values)


def add_terms(function: Function, inputs: Inputs, terms: Sequence[Any]) -> None:
    """Add to the `Terms` invariants of a function their terms for these inputs, where any are recorded."""
    laws = [law for law in function.invariants if isinstance(law, Terms)] if terms else []
    for law, found in zip(laws, terms, strict=True):
        add_answer(law.make, function, inputs, {"terms": found})
