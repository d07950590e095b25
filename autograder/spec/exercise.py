"""Exercises and the functions `layer`, `loss`, `optimizer`, `plain` and `learner`, with which a spec makes EXERCISE.

The oracles of an exercise stay in the trusted process; a student's process gets inputs only.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.random import Generator

from autograder.implementation import Implementation, Returned
from autograder.spec.draw import with_cotangents, with_states
from autograder.spec.function import Case, Function, Speed, Tolerance
from autograder.spec.small import Small
from autograder.values import Rng

Inputs = dict[str, Any]
Outputs = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call of a function: its arguments by name, in the order of its signature, and the expected outputs."""

    inputs: Inputs
    expected: Outputs


@dataclass(frozen=True)
class TimedCall(Call):
    """One call to be timed, with the reference's CPU time on it."""

    seconds: float
    """The reference's CPU time now."""
    sampled: bool = False
    """Whether `expected` holds samples of the outputs (numeric/sample.py)."""


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer to a function."""

    name: str
    function: str
    code: Callable[..., Any]
    hint: str
    """Text for the student: what to look at, never the answer."""
    convention: bool = False
    """Whether the code is right by another convention than the course's, which the hint then names."""


@dataclass(frozen=True)
class Alternative:
    """A right answer written another way, which every check must accept."""

    name: str
    function: str
    code: Callable[..., Any]
    fast: bool | None = True
    """Whether the answer must earn the speed points (True), must not (False), or may (None)."""


class Oracle(Protocol):
    """Interface to the right answers to one exercise with one seed: from the references of a spec, or from a record.

    A question that the oracle cannot answer raises `Unrecorded`; the caller need not know which oracle it has.
    """

    @property
    def seed(self) -> int:
        """Return the seed of the inputs."""

    @property
    def is_public(self) -> bool:
        """Return whether students hold the inputs and the expected outputs, so that nothing about them is secret."""

    @property
    def doubt(self) -> float:
        """Return the factor by which the true CPU time of the reference may be above or below the stated one."""

    def calls(self, function: Function, case: Case) -> tuple[Call, ...]:
        """Return one call per step of the case; the expected state of a step is an input of the next. Outputs that are
        drawn at random get calls with further seeds."""

    def timed(self, function: Function, case: Case, round: int) -> TimedCall:
        """Return a call to be timed in this round."""

    def slope(self, function: Function, case: Case, output: str, measure: Callable[[], float | None]) -> float | None:
        """Return the derivative of the reference's forward along the direction of checks/gradient.py, where there is
        one. measure: measures it with the reference."""

    def rows(self, training: Training) -> tuple[Rows, Rng]:
        """Return the rows of a training and its generator."""

    def trained(self, train: Function, inputs: Inputs) -> Returned:
        """Return the params of the reference's training, and its CPU time here."""

    def implementation(self, mistake: Mistake) -> Implementation:
        """Return an implementation that makes this known mistake."""

    def redrawn(self, number: int) -> Oracle:
        """Return the oracle of the same cases with other inputs; number: from 1."""


@dataclass(frozen=True)
class Exercise:
    """One exercise. `name`, `unit`, `mistakes`, `alternatives`, `small`, `formulas`, `planted` come from its folder."""

    functions: tuple[Function, ...]
    requires: tuple[str, ...] = ()
    """Exercises to solve before."""
    tolerance: Tolerance = field(default_factory=Tolerance)
    name: str = ""
    unit: str = ""
    mistakes: tuple[Mistake, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    training: Training | None = None
    """How functions of kind "training" are judged."""
    small: Mapping[str, tuple[Small, ...]] = field(default_factory=dict)
    """Function → families of small inputs."""
    formulas: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Function → output → its formula with a hole."""
    oracle: Oracle | None = None
    """Source of the right answers in place of the functions' oracles, for any seed: in a release, the record."""
    axes: Mapping[str, str] = field(default_factory=dict)
    """Array → the names of its axes in the statement, as in {"x": "B H W C"}; "B D..." multiplies the rest up."""
    planted: bool = False
    """Whether students start from code with bugs, so that equal answers say nothing."""

    @property
    def max_score(self) -> float:
        """Return all points of the exercise."""
        return round(sum(function.max_score for function in self.functions), 6)

    @property
    def gradients(self) -> tuple[Function, ...]:
        """Return the functions that return gradients: backward passes, and what returns (loss, grads)."""
        return tuple(f for f in self.functions
                     if (f.kind == "gradient" and f.forward) or tuple(f.outputs) == ("loss", "grads"))  # fmt: skip

    def function(self, name: str) -> Function:
        """Return the function of this name; KeyError otherwise."""
        return {function.name: function for function in self.functions}[name]


def layer(forward: Function, backward: Function, *, cases: list[Case], speed: Speed | None = None,
          stable: list[Case] | None = None, **words: Any) -> Exercise:  # fmt: skip
    """Return the exercise of a forward, and a backward of `dout` and then forward's inputs. Both get every case, the
    backward some at other scales of `dout` (draw.SCALES). words: further fields of Exercise."""
    ready = _prepare(forward, cases, speed, stable)
    gradient = replace(_prepare(backward, cases, speed, stable), kind="gradient", forward=ready)
    return Exercise((ready, gradient), **words)


loss = layer
"""Return the exercise of a loss, a number, and of its gradient, which takes the loss's inputs and no `dout`."""


def plain(*functions: Function, cases: list[Case] | None = None, speed: Speed | None = None,
          stable: list[Case] | None = None, **words: Any) -> Exercise:  # fmt: skip
    """Return an exercise of functions graded by values alone. cases: for those without; words: Exercise's fields."""
    return Exercise(tuple(_prepare(function, cases or [], speed, stable) for function in functions), **words)


def optimizer(step: Function, *, cases: list[Case], **words: Any) -> Exercise:
    """Return the exercise of an update rule, which maps a state to the next; give cases with several steps and a state.

    In some cases, changed or added, the state and the gradient are at other scales (draw.SCALES).
    """
    return plain(replace(step, cases=with_states(step.cases or tuple(cases))), **words)


def mistake(function: str) -> Callable[[Callable[..., Any]], Mistake]:
    """Mark a wrong answer to `function` in `mistakes.py`; its name and docstring are what the student reads."""

    def marked(code: Callable[..., Any]) -> Mistake:
        paragraphs = inspect.cleandoc(code.__doc__ or "").split("\n\n")  # each on one line
        return Mistake(code.__name__, function, code, "\n\n".join(" ".join(words.split()) for words in paragraphs))

    return marked


def convention(function: str) -> Callable[[Callable[..., Any]], Mistake]:
    """Mark a mistake that is right by another convention of the field; its docstring says whose."""
    return lambda code: replace(mistake(function)(code), convention=True)


def alternative(function: str, *, fast: bool | None = True) -> Callable[[Callable[..., Any]], Alternative]:
    """Mark a right answer to `function` in `alternatives.py`; fast=False when it is honestly slow."""
    return lambda code: Alternative(code.__name__, function, code, fast)


def _prepare(function: Function, cases: list[Case], speed: Speed | None, stable: list[Case] | None) -> Function:
    given = function.cases or tuple(cases)
    return replace(
        function,
        cases=with_cotangents(given) if function.takes_cotangent else given,
        stable_cases=function.stable_cases or (tuple(stable or ()) if "stability" in function.points else ()),
        timing=function.timing or (speed if "speed" in function.points else None),
    )


def learner(train: Function, predict: Function, *, training: Training, requires: tuple[str, ...] = ()) -> Exercise:
    """Return the exercise of train and predict. Outputs of train: "accuracy", and "gap" if the training has a Shrink;
    of predict: "labels". The oracles must raise for params that do not fit: they also get the student's."""
    functions = replace(train, kind="training"), replace(predict, kind="training")
    return Exercise(functions, requires, training=training)


@dataclass(frozen=True)
class Rows:
    """Data of a training: x (B, ...) and labels (B,) to train on; fresh and truth, rows and labels held back."""

    x: np.ndarray
    labels: np.ndarray
    fresh: np.ndarray
    truth: np.ndarray


@dataclass(frozen=True)
class Shrink:
    """Requirement that the gap in accuracy between given and fresh rows shrinks by `by` if `flag` is True, not False.

    fits: least accuracy of the first run on the given rows; without over-fitting there is no gap to shrink.
    """

    flag: str
    by: float
    fits: float


@dataclass(frozen=True)
class Training:
    """How a train is judged. rows: draws data from a seed. bars: (accuracy on fresh rows, share of points), best first.

    times: multiples of the reference's CPU time up to which all and half of the speed points are earned.
    numbers: the most that params may hold, so that rows cannot be handed on instead of what was learned from them.
    """

    rows: Callable[[Generator], Rows]
    bars: tuple[tuple[float, float], ...]
    times: tuple[float, float] = (10.0, 60.0)
    numbers: int = 12_000
    shrink: Shrink | None = None
