"""A variant: one exercise with one seed, which fix all inputs and expected outputs.

It stays in the trusted process. Several implementations can be run on it; known mistakes are compared that way.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

import numpy as np
from numpy.random import PCG64, SFC64, Generator, SeedSequence

from autograder.errors import GraderFault, Unrecorded
from autograder.implementation import Implementation, Outcome, Returned
from autograder.numeric.sample import cost
from autograder.numeric.stopwatch import timed
from autograder.sandbox.inprocess import InProcess, materialise
from autograder.spec.draw import Draw, cotangent
from autograder.spec.exercise import Call, Exercise, Inputs, Mistake, Oracle, Outputs, Rows, TimedCall, Training
from autograder.spec.function import Case, Free, Function
from autograder.values import Code, Rng

Made = TypeVar("Made")

COTANGENT = 1_000_000
SEEDS = 5
"""Seeds for an output that is drawn at random; the first one is used twice."""

MOST_KEPT = 1 << 27
"""Most bytes of timed calls that this process keeps, over all variants; beyond it all are dropped."""
_TIMED: dict[tuple[object, ...], tuple[Call, int]] = {}


@dataclass
class Variant:
    """An exercise with the seed of its inputs; each call is computed once. A release has recorded calls of one seed."""

    exercise: Exercise
    seed: int
    _calls: dict[tuple[str, str], tuple[Call, ...]] = field(default_factory=dict)
    _made: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.oracle: Oracle = self.exercise.oracle or LiveOracle(self.exercise, self.seed)
        self.seed = self.oracle.seed

    def calls(self, function: Function, case: Case) -> tuple[Call, ...]:
        """Return the calls of a case with their expected outputs, computed once; see `Oracle.calls`."""
        key = function.name, case.name
        if key not in self._calls:
            self._calls[key] = self.oracle.calls(function, case)
        return self._calls[key]

    def once(self, key: str, make: Callable[[], Made]) -> Made:
        """Return the result of `make`, which is called only the first time for this key."""
        if key not in self._made:
            self._made[key] = make()
        return cast(Made, self._made[key])

    def redrawn(self, number: int, function: Function) -> Variant:
        """Return another variant, with other inputs, of one function and its forward. number: which one, from 1."""
        needed = {function.name, function.forward and function.forward.name}
        functions = tuple(each for each in self.exercise.functions if each.name in needed)
        oracle = self.oracle.redrawn(number)
        return Variant(replace(self.exercise, functions=functions, oracle=oracle), oracle.seed)


class LiveOracle:
    """Oracle that computes its answers by calling the references of a spec."""

    is_public, doubt = False, 1.0

    def __init__(self, exercise: Exercise, seed: int) -> None:
        self._exercise, self.seed, self._token = exercise, seed, object()
        self._calls: dict[tuple[str, str], tuple[Call, ...]] = {}

    def calls(self, function: Function, case: Case) -> tuple[Call, ...]:
        """Return the calls of a case: inputs that are drawn and outputs of the reference, computed once."""
        key = function.name, case.name
        if key not in self._calls:
            self._calls[key] = self._make_calls(function, case)
        return self._calls[key]

    def timed(self, function: Function, case: Case, round: int) -> TimedCall:
        """Return a call on inputs that no other round and no other function has; the reference is timed anew."""
        key = self._token, function.name, case.name, round
        call, _ = _TIMED.get(key, (None, 0))
        if call is not None:
            return TimedCall(call.inputs, call.expected, timed_reference(function, call.inputs)[1])
        inputs = draw_inputs(function, case, timed_stream(self.seed, function, case, round))
        reference(function, inputs)  # its memory is reused by the timed call: fresh memory costs more
        outputs, seconds = timed_reference(function, inputs)
        _TIMED[key] = Call(inputs, outputs), cost(inputs) + cost(outputs)
        if sum(size for _, size in _TIMED.values()) > MOST_KEPT:
            _TIMED.clear()
        return TimedCall(inputs, outputs, seconds)

    def slope(self, function: Function, case: Case, output: str, measure: Callable[[], float | None]) -> float | None:
        """Return what `measure` returns; a record would look it up."""
        return measure()

    def rows(self, training: Training) -> tuple[Rows, Rng]:
        """Return the rows of a training, drawn from the seed, and the generator that train gets."""
        rng = stream(self.seed, Case("training", {}))
        return training.rows(rng), Rng(int(rng.integers(0, 2**63)))

    def trained(self, train: Function, inputs: Inputs) -> Returned:
        """Run the reference's train and return its params and CPU time."""
        outcome = invoke(InProcess({train.name: train.oracle}), train, inputs, 0.0, watch=False)
        if not isinstance(outcome, Returned):
            raise GraderFault(f"the reference {train.name} failed: {outcome}")
        return outcome

    def implementation(self, mistake: Mistake) -> Implementation:
        """Return an implementation that calls the code of a known mistake in this process."""
        return InProcess({mistake.function: mistake.code})

    def redrawn(self, number: int) -> LiveOracle:
        """Return an oracle whose inputs are drawn from another seed."""
        return LiveOracle(self._exercise, redrawn_seed(self.seed, number))

    def _make_calls(self, function: Function, case: Case) -> tuple[Call, ...]:
        forward = forward_of(self._exercise, function)
        if forward is not None and case in forward.cases:  # equal inputs, and a cotangent in the shape of the output
            rng = stream(self.seed, case, COTANGENT)
            shared = [_with_cotangent(function, case, call.inputs, call.expected, rng)
                      for call in self.calls(forward, case)]  # fmt: skip
            return tuple(Call(inputs, reference(function, inputs)) for inputs in shared)
        rng = stream(self.seed, case)
        calls: list[Call] = []
        for _ in range(case.steps):
            inputs = draw_inputs(function, case, rng)
            if calls:
                inputs |= feed(inputs, calls[-1].expected)
            calls.append(Call(inputs, reference(function, inputs)))
        # A second call with the inputs that a judge asks for.
        again = [dict(a.again) for a in case.accept.values() if isinstance(a, Free) and a.again][:1]
        changes = (*again, *_seeds(function, case, calls[0].inputs))
        more = [calls[0].inputs | changed for changed in changes]
        return (*calls, *(Call(inputs, reference(function, inputs)) for inputs in more))


def redrawn_seed(seed: int, number: int) -> int:
    """Return the seed of the redrawn variant that has this number, derived from the variant's seed."""
    return (seed + number) % 2**64


def stream(seed: int, case: Case, round: int = 0) -> Generator:
    """Return the random stream of a case, which forward and backward share. round: 0 for the case's inputs,
    COTANGENT for the upstream gradients."""
    words = [*([seed % 2**32, seed >> 32] if seed >> 32 else [seed]), zlib.crc32(case.name.encode()), round]
    return Generator(PCG64(SeedSequence(np.array(words, np.uint32))))  # default_rng(words), in two thirds of the time


def timed_stream(seed: int, function: Function, case: Case, round: int = 0) -> Generator:
    """Return the random stream of a timed round. Each function has its own: a backward that is timed on what its
    forward has seen could look up what a thread computed meanwhile."""
    words = [zlib.crc32(name.encode()) for name in (case.name, function.name)]
    return Generator(SFC64([seed, *words, round]))  # faster than PCG64


def _seeds(function: Function, case: Case, inputs: Inputs) -> list[Inputs]:
    """Return the generator arguments of further calls for an output drawn at random: the first seed again, then other
    seeds; [] for all but the last case with a judge."""
    judged = [c for c in function.cases if c.steps == 1 and any(not isinstance(a, Free) for a in c.accept.values())]
    drawn = {name: value.seed for name, value in inputs.items() if isinstance(value, Rng)}
    if not drawn or case not in judged[-1:]:
        return []
    return [{name: Rng(seed ^ number) for name, seed in drawn.items()} for number in range(SEEDS)]


def _with_cotangent(function: Function, case: Case, inputs: Inputs, outputs: Outputs, rng: Generator) -> Inputs:
    """Return the inputs with a cotangent first: Gaussian, unless the case draws `dout` itself."""
    if not function.takes_cotangent:
        return inputs
    (out,) = outputs.values()
    make = case.draws.get("dout", cotangent)
    return {"dout": make(np.shape(out))(rng), **inputs}


def forward_of(exercise: Exercise, function: Function) -> Function | None:
    """Return the exercise's function that `function` differentiates, found by name because the object in
    `function.forward` may have other points or seconds; None for other functions."""
    return next((f for f in exercise.functions if function.forward and f.name == function.forward.name), None)


def draw_inputs(function: Function, case: Case, rng: Generator) -> Inputs:
    """Return the drawn arguments by name. `dout` comes first and is drawn last, in the shape of forward's output,
    unless the case gives its numbers."""
    forward = None if isinstance(case.draws.get("dout"), np.ndarray | float) else function.forward
    taking = forward or function
    drawn = {name: draw(rng) if isinstance(draw, Draw) else draw for name, draw in case.draws.items()}
    inputs = {name: drawn[name] for name in (*taking.positional, *taking.keywords) if name in drawn}
    if forward is None or not function.takes_cotangent:
        return inputs
    return _with_cotangent(function, case, inputs, reference(forward, inputs), rng)


def feed(inputs: Inputs, outputs: Outputs) -> Inputs:
    """Return the outputs whose names are also inputs: the state for the next step."""
    return {name: value for name, value in outputs.items() if name in inputs}


def invoke(implementation: Implementation, function: Function, inputs: Inputs, seconds: float, watch: bool = True,
           expected: Outputs | None = None, timed: bool = False) -> Outcome:  # fmt: skip
    """Call a function and return the outcome. watch: report which arguments changed. expected: outputs, where known.
    timed: time the function alone."""
    args, kwargs = arguments(function, inputs)
    names = function.positional if watch else ()
    known = max(cost(inputs), cost(expected or {}))
    return implementation.call(function.name, args, kwargs, names=names, seconds=seconds, expected=known, timed=timed)


def arguments(function: Function, inputs: Inputs) -> tuple[tuple[Any, ...], Inputs]:
    """Return the inputs as positional arguments and keyword arguments of the function."""
    args = tuple(inputs[name] for name in function.positional)
    return args, {name: inputs[name] for name in function.keywords if name in inputs}


def reference(function: Function, inputs: Inputs) -> Outputs:
    """Return the reference's outputs by name; GraderFault where the reference raises."""
    return timed_reference(function, inputs)[0]


def timed_reference(function: Function, inputs: Inputs) -> tuple[Outputs, float]:
    """Return the reference's outputs by name, and its CPU time in seconds; GraderFault where the reference raises."""
    alive = {name: materialise(v) if isinstance(v, Rng | Code) else v for name, v in inputs.items()}
    args, options = arguments(function, alive)
    try:
        with np.errstate(all="ignore"):
            value, cpu = timed(lambda: function.oracle(*args, **options))
    except Unrecorded:
        raise
    except Exception as error:
        raise GraderFault(f"the reference {function.name} failed: {type(error).__name__}: {error}") from error
    outputs = name_outputs(function, Returned(value))
    if outputs is None:
        raise GraderFault(f"the reference {function.name} does not return ({', '.join(function.outputs)})")
    return outputs, cpu


def name_outputs(function: Function, outcome: Outcome) -> Outputs | None:
    """Return the returned values by output name; None when the call did not return or the number of values is wrong."""
    if not isinstance(outcome, Returned):
        return None
    values = (outcome.value,) if len(function.outputs) == 1 else outcome.value
    fits = isinstance(values, tuple | list) and len(values) == len(function.outputs)
    return dict(zip(function.outputs, values, strict=True)) if fits else None
