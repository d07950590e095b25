"""The words of a spec, which assigns a `layer(...)`, `loss(...)`, `optimizer(...)` or `plain(...)` to EXERCISE.

The oracles in it stay in the trusted process; a student's process only ever sees inputs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from autograder.scales import with_cotangents, with_states

if TYPE_CHECKING:
    from autograder.invariant import Invariant
    from autograder.record.answers import Record
    from autograder.small import Small
    from autograder.training import Free, Training

Accept = Callable[[Mapping[str, Any], Any], str | None]
"""Judges an output where the truth is a set: (inputs, value) → None when right, else what is wrong in one sentence."""

Kind = Literal["values", "gradient", "training"]
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Tolerance:
    """An entry may differ by rtol·(|expected| + rms(expected)) + atol.

    Right float64 code agrees with a reference to 1.3e-13 at the 90th percentile and 6.6e-9 at the worst of 1,812.
    """

    rtol: float = 1e-8
    atol: float = 1e-11


@dataclass(frozen=True)
class Case:
    """One set of inputs. `draws` maps an argument's name to a Draw, or to a constant.

    public: students may see its numbers. accept: per output, the judge where the truth is a set; such a case is never
    differentiated. steps: how often the function is called in a row; an output is fed back as the input of its name.
    """

    name: str
    draws: Mapping[str, Any]
    public: bool = False
    accept: Mapping[str, Accept | Free] = field(default_factory=dict)
    steps: int = 1


def case(
    name: str, /, *, public: bool = False, accept: Mapping[str, Accept | Free] = _NOTHING, steps: int = 1, **draws: Any
) -> Case:
    """A case from keyword arguments: `case("batch of one", x=normal(1, 5), w=normal(5, 3), b=normal(3))`."""
    return Case(name, draws, public, accept, steps)


@dataclass(frozen=True)
class Speed:
    """Timed cases, small to full size, and the two bars as multiples of the reference's CPU time.

    Up to bars[0] earns everything, up to bars[1] half, beyond that nothing. A full-size case should cost the
    reference 2 ms or more; the smaller ones only exist to stop early when an answer is clearly slow.
    """

    ladder: tuple[Case, ...]
    bars: tuple[float, float] = (5.0, 60.0)


@dataclass(frozen=True)
class Function:
    """One function that a student writes.

    outputs: name → points, in the order the function returns them. purity, stability, speed: points of these checks.
    quiet: stability also demands that no warning is printed. invariants: what a hint may rest on besides.
    seconds: CPU time that one call may take. curve: the output that is a list of numbers worth drawing.
    steps: named `<function>_steps`, the intermediate results as a dict, for students who look for their mistake.
    oracle: the reference; its parameters are the contract's names, keyword-only ones are hyperparameters.
    """

    oracle: Callable[..., Any]
    outputs: Mapping[str, float]
    purity: float = 0.0
    stability: float = 0.0
    speed: float = 0.0
    quiet: bool = False
    seconds: float = 1.0
    curve: str | None = None
    kind: Kind = "values"
    cases: tuple[Case, ...] = ()
    stable_cases: tuple[Case, ...] = ()
    timing: Speed | None = None
    forward: Function | None = None
    steps: Callable[..., Mapping[str, Any]] | None = None
    invariants: tuple[Invariant, ...] = ()

    @property
    def name(self) -> str:
        """The function's name, which the student's must bear."""
        return self.oracle.__name__

    @cached_property
    def positional(self) -> tuple[str, ...]:
        """Names of the arguments given by position, in order."""
        return tuple(p.name for p in self._parameters if p.kind is not inspect.Parameter.KEYWORD_ONLY)

    @cached_property
    def keywords(self) -> tuple[str, ...]:
        """Names of the hyperparameters, given by keyword."""
        return tuple(p.name for p in self._parameters if p.kind is inspect.Parameter.KEYWORD_ONLY)

    @cached_property
    def takes_cotangent(self) -> bool:
        """Whether its first argument is the upstream gradient `dout`."""
        return self.positional[:1] == ("dout",)

    @property
    def max_score(self) -> float:
        """All points of the function."""
        return sum(self.outputs.values()) + self.purity + self.stability + self.speed

    @cached_property
    def _parameters(self) -> tuple[inspect.Parameter, ...]:
        return tuple(inspect.signature(self.oracle).parameters.values())


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that students really give; `hint` says what to try, never the answer. convention: it is right
    elsewhere, and the hint says where; this course has another convention."""

    name: str
    function: str
    code: Callable[..., Any]
    hint: str
    convention: bool = False


@dataclass(frozen=True)
class Alternative:
    """A right answer written another way, which every check must accept. fast: it must earn the speed points too."""

    name: str
    function: str
    code: Callable[..., Any]
    fast: bool = True


@dataclass(frozen=True)
class Exercise:
    """One exercise; what follows the tolerance comes from its folder. training: of functions of that kind.

    small: function → families of small inputs. formulas: function → output → its formula with a hole.
    record: in a student's release, where the answers come from; its oracles know those alone.
    axes: what the statement calls the axes of the arrays, such as {"x": "B H W C"}; "B D..." multiplies the rest up.
    planted: students start from code with bugs in it, so that equal answers say nothing.
    """

    functions: tuple[Function, ...]
    requires: tuple[str, ...] = ()
    tolerance: Tolerance = Tolerance()
    name: str = ""
    unit: str = ""
    mistakes: tuple[Mistake, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    training: Training | None = None
    small: Mapping[str, tuple[Small, ...]] = field(default_factory=dict)
    formulas: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    record: Record | None = None
    axes: Mapping[str, str] = field(default_factory=dict)
    planted: bool = False

    @property
    def max_score(self) -> float:
        """All points of the exercise."""
        return round(sum(function.max_score for function in self.functions), 6)

    def function(self, name: str) -> Function:
        """The function of this name; KeyError otherwise."""
        return {function.name: function for function in self.functions}[name]


def layer(
    forward: Function,
    backward: Function,
    *,
    cases: list[Case],
    speed: Speed | None = None,
    stable: list[Case] | None = None,
    **words: Any,
) -> Exercise:
    """A forward and a backward that takes `dout` and then forward's inputs. Both see every case, and the backward two
    more (see scales). words: Exercise's."""
    ready = _prepare(forward, cases, speed, stable)
    gradient = replace(_prepare(backward, cases, speed, stable), kind="gradient", forward=ready)
    return Exercise((ready, gradient), **words)


def loss(value: Function, backward: Function, *, cases: list[Case], **words: Any) -> Exercise:
    """A number and its gradient, which takes the same inputs and no `dout`."""
    return layer(value, backward, cases=cases, **words)


def plain(
    *functions: Function,
    cases: list[Case] | None = None,
    speed: Speed | None = None,
    stable: list[Case] | None = None,
    **words: Any,
) -> Exercise:
    """Functions graded by their values alone; `cases` go to those that bring none of their own. words: Exercise's."""
    return Exercise(tuple(_prepare(function, cases or [], speed, stable) for function in functions), **words)


def optimizer(step: Function, *, cases: list[Case], **words: Any) -> Exercise:
    """One update rule: state in, state out. Give cases of several steps, and one from a given state.

    In two cases more the state and the gradient are a thousand times larger, and smaller.
    """
    return plain(replace(step, cases=with_states(step.cases or tuple(cases))), **words)


def mistake(function: str) -> Callable[[Callable[..., Any]], Mistake]:
    """Mark a wrong answer to `function` in `mistakes.py`; its name and docstring are what the student reads."""
    return lambda code: Mistake(code.__name__, function, code, _joined(code.__doc__ or ""))


def _joined(docstring: str) -> str:
    """Return a docstring with each paragraph on one line."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in inspect.cleandoc(docstring).split("\n\n"))


def convention(function: str) -> Callable[[Callable[..., Any]], Mistake]:
    """Mark a mistake that is right by another convention of the field; its docstring says whose."""
    return lambda code: replace(mistake(function)(code), convention=True)


def alternative(function: str, *, fast: bool = True) -> Callable[[Callable[..., Any]], Alternative]:
    """Mark a right answer to `function` in `alternatives.py`; fast=False when it is honestly slow."""
    return lambda code: Alternative(code.__name__, function, code, fast)


def _prepare(function: Function, cases: list[Case], speed: Speed | None, stable: list[Case] | None) -> Function:
    given = function.cases or tuple(cases)
    return replace(
        function,
        cases=with_cotangents(given) if function.takes_cotangent else given,
        stable_cases=function.stable_cases or (tuple(stable or ()) if function.stability else ()),
        timing=function.timing or (speed if function.speed else None),
    )
