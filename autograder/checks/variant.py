"""A variant: one exercise with one seed, which fix all inputs and expected outputs.

It stays in the trusted process. Several implementations can be run on it; known mistakes are compared that way.
"""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import numpy as np
from numpy.random import Generator

from autograder.errors import GraderFault, Unrecorded
from autograder.implementation import Implementation, Outcome, Returned
from autograder.numeric.sample import cost
from autograder.numeric.stopwatch import timed
from autograder.sandbox.inprocess import InProcess, materialise
from autograder.spec.draw import Draw
from autograder.spec.exercise import Exercise, Mistake
from autograder.spec.function import Case, Free, Function
from autograder.spec.scales import cotangent
from autograder.values import Code, Rng

Inputs = dict[str, Any]
Outputs = dict[str, Any]
Made = TypeVar("Made")

COTANGENT = 1_000_000
SEEDS = 5
"""Seeds for an output that is drawn at random; the first one is used twice."""


@dataclass(frozen=True)
class Call:
    """One call of a function: its arguments by name, in the order of its signature, and the expected outputs."""

    inputs: Inputs
    expected: Outputs


@dataclass(frozen=True)
class TimedCall(Call):
    """One call to be timed. In a recorded exercise `expected` holds samples (numeric/sample.py)."""

    seconds: float
    """The reference's CPU time now."""


class BoundedCalls:
    """Calls of all variants of this process, the least used of which go when they hold more than `most` bytes."""

    def __init__(self, most: int = 1 << 27) -> None:
        self._most, self._size = most, 0
        self._kept: OrderedDict[tuple[object, ...], tuple[Call, int]] = OrderedDict()

    def get(self, key: tuple[object, ...], make: Callable[[], Call]) -> Call:
        """The call with this key, made anew where it is not kept."""
        kept = self._kept.pop(key, None)
        if kept is None:
            call = make()
            kept = call, _bytes_of(call.inputs) + _bytes_of(call.expected)
            self._size += kept[1]
        self._kept[key] = kept
        while self._size > self._most:
            self._size -= self._kept.popitem(last=False)[1][1]
        return kept[0]


_TIMED = BoundedCalls()


@dataclass
class Variant:
    """An exercise with the seed of its inputs. Every call is made once. A recorded exercise brings its own seed and
    calls."""

    exercise: Exercise
    seed: int
    _calls: dict[tuple[str, str], tuple[Call, ...]] = field(default_factory=dict)
    _made: dict[str, Any] = field(default_factory=dict)
    _token: object = field(default_factory=object)

    def __post_init__(self) -> None:
        if self.exercise.record:
            self.seed = self.exercise.record.seed
            self._made |= self.exercise.record.made

    @property
    def recorded(self) -> bool:
        """Whether the expected outputs come from a record: then there is no reference to call."""
        return self.exercise.record is not None

    def calls(self, function: Function, case: Case) -> tuple[Call, ...]:
        """One call per step of the case; the expected state of a step is an input of the next. Outputs that are drawn
        at random get calls with further seeds, see `_seeds`."""
        key = function.name, case.name
        if key not in self._calls:
            record = self.exercise.record
            recorded = record and tuple(Call(*pair) for pair in record.calls(*key))
            self._calls[key] = recorded or self._make_calls(function, case)
        return self._calls[key]

    def implementation(self, mistake: Mistake) -> Implementation:
        """An implementation with this known mistake. In a recorded exercise it answers recorded calls only and raises
        Unrecorded at others."""
        record = self.exercise.record
        return record.implementation(mistake) if record else InProcess({mistake.function: mistake.code})

    def timed(self, function: Function, case: Case, round: int) -> TimedCall:
        """A call to be timed, on inputs that no other round and no other function has; the reference is timed anew.

        A recorded exercise has one call for all rounds.
        """
        if self.exercise.record:
            return TimedCall(*self.exercise.record.timed(function, case, self.timed_stream(function, case)))
        key = self._token, function.name, case.name, round
        call = _TIMED.get(key, lambda: self._untimed(function, case, round))
        return TimedCall(call.inputs, call.expected, timed_reference(function, call.inputs)[1])

    def _untimed(self, function: Function, case: Case, round: int) -> Call:
        inputs = draw_inputs(function, case, self.timed_stream(function, case, round))
        call = Call(inputs, reference(function, inputs))
        reference(function, inputs)  # what this result leaves free, a timed one takes: fresh memory costs more
        return call

    @property
    def doubt(self) -> float:
        """The factor by which the true CPU time of the reference may be above or below the stated one."""
        return self.exercise.record.doubt if self.exercise.record else 1.0

    def once(self, key: str, make: Callable[[], Made]) -> Made:
        """The result of `make`, which is called at the first time only."""
        if key not in self._made:
            self._made[key] = make()
        return cast(Made, self._made[key])

    def stream(self, case: Case, round: int = 0) -> Generator:
        """A random stream of a case. Forward and backward share it, so both get the same inputs.

        round 0 makes the case's inputs, 1 the directions of derivatives, COTANGENT the upstream gradients.
        """
        return np.random.default_rng([self.seed, zlib.crc32(case.name.encode()), round])

    def timed_stream(self, function: Function, case: Case, round: int = 0) -> Generator:
        """The random stream of a timed round. Each function has its own: a backward that is timed on what its forward
        has seen could look up what a thread computed meanwhile."""
        words = [zlib.crc32(name.encode()) for name in (case.name, function.name)]
        return np.random.default_rng([self.seed, *words, round])

    def _make_calls(self, function: Function, case: Case) -> tuple[Call, ...]:
        forward = forward_of(self.exercise, function)
        if forward is not None and case in forward.cases:
            return self._backward_calls(function, forward, case)
        rng = self.stream(case)
        calls: list[Call] = []
        for _ in range(case.steps):
            inputs = draw_inputs(function, case, rng)
            if calls:
                inputs |= feed(inputs, calls[-1].expected)
            calls.append(Call(inputs, reference(function, inputs)))
        again = [calls[0].inputs | changed for changed in (*_repeats(case), *_seeds(function, case, calls[0].inputs))]
        return (*calls, *(Call(inputs, reference(function, inputs)) for inputs in again))

    def _backward_calls(self, function: Function, forward: Function, case: Case) -> tuple[Call, ...]:
        """Calls of a backward from those of its forward: equal inputs, and a cotangent in the shape of the output."""
        calls = self.calls(forward, case)
        rng = self.stream(case, COTANGENT)
        inputs = [_with_cotangent(function, case, call.inputs, call.expected, rng) for call in calls]
        return tuple(Call(given, reference(function, given)) for given in inputs)


def _bytes_of(value: Any) -> int:
    """The bytes of all arrays in a value."""
    if isinstance(value, dict | list | tuple):
        return sum(map(_bytes_of, value.values() if isinstance(value, dict) else value))
    return getattr(value, "nbytes", 0)


def _repeats(case: Case) -> list[Inputs]:
    """The inputs that the second call changes, which a judge asks for; none where no judge does."""
    return [dict(accept.again) for accept in case.accept.values() if isinstance(accept, Free) and accept.again][:1]


def _seeds(function: Function, case: Case, inputs: Inputs) -> list[Inputs]:
    """The generators for further calls of the last case with a judge: the first seed again, then others. Trainings are
    not repeated."""
    judged = [c for c in function.cases if c.steps == 1 and any(not isinstance(a, Free) for a in c.accept.values())]
    drawn = {name: value.seed for name, value in inputs.items() if isinstance(value, Rng)}
    if not drawn or case not in judged[-1:]:
        return []
    return [{name: Rng(seed ^ number) for name, seed in drawn.items()} for number in range(SEEDS)]


def _with_cotangent(
    function: Function, case: Case, inputs: Inputs, outputs: Outputs, rng: Generator
) -> Inputs:
    """The inputs with a cotangent first: Gaussian, unless the case draws `dout` itself."""
    if not function.takes_cotangent:
        return inputs
    (out,) = outputs.values()
    make = case.draws.get("dout", cotangent)
    return {"dout": make(np.shape(out))(rng), **inputs}


def forward_of(exercise: Exercise, function: Function) -> Function | None:
    """The exercise's function that `function` differentiates, found by name: the two objects may differ in points or
    seconds, on which the inputs must not depend."""
    return next((f for f in exercise.functions if function.forward and f.name == function.forward.name), None)


def draw_inputs(function: Function, case: Case, rng: Generator) -> Inputs:
    """Arguments by name. `dout` comes first and is drawn last, in the shape of forward's output, unless the case gives
    its numbers."""
    if function.forward is None or isinstance(case.draws.get("dout"), np.ndarray | float):
        return _draw(function, case, rng)
    inputs = _draw(function.forward, case, rng)
    if not function.takes_cotangent:
        return inputs
    return _with_cotangent(function, case, inputs, reference(function.forward, inputs), rng)


def feed(inputs: Inputs, outputs: Outputs) -> Inputs:
    """The outputs whose names are also inputs: the state for the next step."""
    return {name: value for name, value in outputs.items() if name in inputs}


def invoke(
    implementation: Implementation, function: Function, inputs: Inputs, seconds: float, watch: bool = True,
    expected: Outputs | None = None, timed: bool = False,
) -> Outcome:  # fmt: skip
    """Call the function by its signature. watch: report which arguments it changed. expected: outputs, where known.
    timed: time the function alone."""
    args, kwargs = arguments(function, inputs)
    names = function.positional if watch else ()
    known = max(cost(inputs), cost(expected or {}))
    return implementation.call(
        function.name, args, kwargs, names=names, seconds=seconds, expected=known, timed=timed
    )


def arguments(function: Function, inputs: Inputs) -> tuple[tuple[Any, ...], Inputs]:
    """The arguments by position and by keyword."""
    args = tuple(inputs[name] for name in function.positional)
    return args, {name: inputs[name] for name in function.keywords if name in inputs}


def reference(function: Function, inputs: Inputs) -> Outputs:
    """The outputs of the oracle by name. GraderFault where it fails, which is never the student's fault."""
    return timed_reference(function, inputs)[0]


def timed_reference(function: Function, inputs: Inputs) -> tuple[Outputs, float]:
    """The outputs of the oracle by name, and its CPU time in seconds."""
    args, kwargs = arguments(function, inputs)
    alive = (Rng, Code) if not getattr(function.oracle, "recorded", False) else ()  # a recorded one takes data
    mine = [materialise(value) if isinstance(value, alive) else value for value in args]
    options = {name: materialise(value) if isinstance(value, alive) else value for name, value in kwargs.items()}
    try:
        with np.errstate(all="ignore"):
            value, cpu = timed(lambda: function.oracle(*mine, **options))
    except Unrecorded:
        raise
    except Exception as error:
        raise GraderFault(f"the reference {function.name} failed: {type(error).__name__}: {error}") from error
    outputs = name_outputs(function, Returned(value))
    if outputs is None:
        raise GraderFault(f"the reference {function.name} does not return ({', '.join(function.outputs)})")
    return outputs, cpu


def name_outputs(function: Function, outcome: Outcome) -> Outputs | None:
    """The returned values by output name; None when the call did not return or the number of values is wrong."""
    if not isinstance(outcome, Returned):
        return None
    names = tuple(function.outputs)
    values = (outcome.value,) if len(names) == 1 else outcome.value
    if not isinstance(values, tuple | list) or len(values) != len(names):
        return None
    return dict(zip(names, values, strict=True))


def _draw(function: Function, case: Case, rng: Generator) -> Inputs:
    wanted = (*function.positional, *function.keywords)
    drawn = {name: draw(rng) if isinstance(draw, Draw) else draw for name, draw in case.draws.items()}
    return {name: drawn[name] for name in wanted if name in drawn}
