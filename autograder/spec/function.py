"""What an author writes about one function: its reference, its outputs with points, its cases, its timing.

References stay in the trusted process; a student's process only ever sees inputs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import InitVar, dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

Accept = Callable[[Mapping[str, Any], Any], str | None]
"""Judge an output with several right answers: (inputs, value) → None when right, else the problem in a sentence."""

Kind = Literal["values", "gradient", "training"]

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Tolerance:
    """Allowed difference of an entry: rtol·(|expected| + rms(expected)) + atol.

    Right float64 code agrees with a reference to 1.3e-13 at the 90th percentile and 6.6e-9 at the worst of 1,812.
    """

    rtol: float = 1e-8
    atol: float = 1e-11


@dataclass(frozen=True)
class Case:
    """A named recipe for the inputs of a function, with the checks and judges that apply to it."""

    name: str
    draws: Mapping[str, Any]
    """Argument → a Draw, or a constant."""
    public: bool = False
    """Whether students may see the numbers of the case."""
    accept: Mapping[str, Accept | Free] = field(default_factory=dict)
    """Output → its judge, where more than one answer is right. Such a case is never differentiated."""
    steps: int = 1
    """Number of calls in a row, in which each output is the next input of the same name."""
    check: str = ""
    """The check that judges the case, in place of the one that gives the outputs' points; "" for that one."""


def case(name: str, /, *, public: bool = False, accept: Mapping[str, Accept | Free] = _NOTHING, steps: int = 1,
         check: str = "", **draws: Any) -> Case:  # fmt: skip
    """Return a case from keyword arguments: `case("batch of one", x=normal(1, 5), w=normal(5, 3), b=normal(3))`."""
    return Case(name, draws, public, accept, steps, check)


@dataclass(frozen=True)
class Speed:
    """How the speed of a function is judged: the cases that are timed, and the bars."""

    ladder: tuple[Case, ...]
    """Small to full size. At the full size the first bar is 25 calls that do nothing, or more (authoring/margins.py); a
    clearly slow answer stops earlier."""
    bars: tuple[float, float] = (5.0, 60.0)
    """Multiples of the reference's CPU time: up to the first for all points, up to the second for half."""
    above: float = 2.0
    """Least quotient of the fastest loop's ratio and the first bar. Below 2 only where no bar is far from both right
    answers and loops: processors differ much at np.exp and np.tanh."""


@dataclass(frozen=True)
class Function:
    """One function that a student writes.

    `purity=0.5` is short for `points={"purity": 0.5}`; so are `stability` and `speed`.
    """

    oracle: Callable[..., Any]
    """The reference. Its parameters are the names of the contract; keyword-only ones are hyperparameters."""
    outputs: Mapping[str, float]
    """Output → points, in the order in which the function returns them."""
    points: Mapping[str, float] = field(default_factory=dict)
    """Check → points, of the checks that give a function points beside those of its outputs; zeros are left out."""
    purity: InitVar[float | None] = None
    stability: InitVar[float | None] = None
    speed: InitVar[float | None] = None
    seconds: float = 1.0
    """CPU time that one call may take."""
    curve: str | None = None
    """The output that is a list of numbers to draw as a curve."""
    kind: Kind = "values"
    """The check that judges the outputs."""
    cases: tuple[Case, ...] = ()
    """The inputs on which the outputs are judged."""
    stable_cases: tuple[Case, ...] = ()
    """The inputs on which stability is judged."""
    timing: Speed | None = None
    """The inputs on which speed is measured, and the bars."""
    forward: Function | None = None
    """The function that this one differentiates."""
    steps: Callable[..., Mapping[str, Any]] | None = None
    """The reference's intermediate results as a dict, under the name `<function>_steps`."""
    invariants: tuple[Invariant, ...] = ()
    """Properties of the outputs that a hint may use."""

    def __post_init__(self, purity: float | None, stability: float | None, speed: float | None) -> None:
        short = {"purity": purity, "stability": stability, "speed": speed}
        given = {**self.points, **{name: worth for name, worth in short.items() if worth is not None}}
        object.__setattr__(self, "points", {name: worth for name, worth in given.items() if worth})

    @property
    def name(self) -> str:
        """Return the name of the function, in the oracle and in the answer."""
        return self.oracle.__name__

    @cached_property
    def positional(self) -> tuple[str, ...]:
        """Return the names of the arguments given by position, in order."""
        return tuple(p.name for p in self._parameters if p.kind is not inspect.Parameter.KEYWORD_ONLY)

    @cached_property
    def keywords(self) -> tuple[str, ...]:
        """Return the names of the hyperparameters, which are given by keyword."""
        return tuple(p.name for p in self._parameters if p.kind is inspect.Parameter.KEYWORD_ONLY)

    @cached_property
    def takes_cotangent(self) -> bool:
        """Return whether its first argument is the upstream gradient `dout`."""
        return self.positional[:1] == ("dout",)

    @property
    def max_score(self) -> float:
        """Return all points of the function."""
        return sum((*self.outputs.values(), *self.points.values()), 0.0)

    @cached_property
    def _parameters(self) -> tuple[inspect.Parameter, ...]:
        return tuple(inspect.signature(self.oracle).parameters.values())


@dataclass(frozen=True)
class Free:
    """Judge, for a case's `accept`, that is called for every value, also one that differs in shape or type.

    It gets the inputs and the other outputs by name. Its sentence is shown for hidden cases too, so it must not
    describe inputs.
    """

    judge: Accept
    again: Mapping[str, Any] = field(default_factory=dict)
    """Inputs that are changed in a second call, with the same seed; the judge gets its outputs under "again"."""


@dataclass(frozen=True)
class Terms:
    """Invariant: the output is the sum of some terms. make: maps the function's arguments to name → array; students may
    read the names, such as "the way through the mean"."""

    output: str
    make: Callable[..., Mapping[str, np.ndarray]]


@dataclass(frozen=True)
class Sums:
    """Invariant: the sums of the output along some axes are known, such as 0 for each column. over: the axes, by name.

    broken: what to say where the sums are wrong. kept: where they are right and the output is not; "" for nothing.
    times: an input by which the output is multiplied before, less that input's mean along the axes. slack: the share
    by which the sums may be off and still count as right. Without axes it is the output itself that must be right.
    """

    output: str
    over: str
    broken: str = ""
    kept: str = ""
    times: str = ""
    slack: float = 0.0


Invariant = Terms | Sums
