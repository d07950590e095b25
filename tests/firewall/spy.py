"""An answer that tells all it has ever been given, in any way that an answer can tell something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from autograder.implementation import Absent, Outcome, Raised, RequestBatch, Returned, Signature, Stopped
from autograder.sandbox.inprocess import InProcess, signature
from autograder.spec.exercise import Exercise
from autograder.values import Unsupported

Told = Callable[["Spy", Any], Outcome]


@dataclass
class Spy:
    """The Candidate protocol. tells: the way of telling. bundled: whether it takes many questions at once.

    heard: every number that came in so far, in all calls; those among `secrets` are multiplied by `twist`, so that two
    spies who know other secrets, and no other public number, differ in nothing else.
    """

    tells: str
    exercise: Exercise
    bundled: bool = True
    secrets: frozenset[float] = frozenset()
    twist: float = 1.0
    heard: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        functions = {function.name: function.oracle for function in self.exercise.functions}
        helpers = {f.steps.__name__: f.steps for f in self.exercise.functions if f.steps}
        self._right = InProcess(functions | helpers)
        self._signatures = {name: signature(code) for name, code in (functions | helpers).items()}

    def dump(self, most: int = 4000) -> str:
        """What it knows, in digits; the latest first, as texts are cut, and no more numbers than a text of `most`
        characters holds: each has nine digits or more."""
        return " ".join(map(digits, self.heard[: -most // 8 - 1 : -1]))

    def describe(self, function: str) -> Signature | Raised | Stopped | Absent:
        right = self._signatures.get(function)
        if right is None:
            return Absent("missing")
        names = tuple(f"x_{digits(number).replace('.', '_')}" for number in self.heard[-8:])
        match self.tells:
            case "signature":
                return Signature((*right.positional, *names), (*right.keyword, *names), (*right.required, *names))
            case "no function":
                return Absent("not callable", f"it is of type {self.dump(500)}"[:500])
            case "syntax":
                return Absent("syntax", self.dump(500)[:500], 3)
            case "load":
                return Raised("ValueError", self.dump(500)[:500], 3, f"m{self.dump(99)}"[:99])
        return right

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, names: tuple[str, ...], seconds: float,
        expected: int = 0, timed: bool = False,
    ) -> Outcome:  # fmt: skip
        self._hear((*args, *kwargs.values()))
        outcome = self._right.call(function, args, kwargs, names=(), seconds=seconds)
        value = outcome.value if isinstance(outcome, Returned) else None
        return WAYS[self.tells](self, value) if self.tells in WAYS else outcome

    def call_many(self, request_batch: RequestBatch, seconds: float) -> list[Any] | None:
        if not self.bundled:
            return None
        # All questions of a journey are there before the first is answered.
        self._hear([value for ask in request_batch.requests for value in (*(ask.args or ()), *ask.kwargs.values())])
        return [
            self.describe(ask.function) if ask.args is None
            else self.call(ask.function, ask.args, ask.kwargs, names=ask.names, seconds=seconds)
            for ask in request_batch.requests
        ]  # fmt: skip

    def _hear(self, values: Sequence[Any]) -> None:
        told = [number for value in values for number in numbers(value)]
        self.heard += [number * self.twist if number in self.secrets else number for number in told]

    def renew(self) -> None:
        return

    def timing_fault(self) -> str:
        return ""


def numbers(value: Any) -> Iterator[float]:
    """The numbers in an argument that are worth telling: with many digits."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, float | np.ndarray):
        yield from _with_many_digits(np.asarray(value, float).tobytes())


@cache
def _with_many_digits(values: bytes) -> tuple[float, ...]:
    flat = np.frombuffer(values)
    return tuple(number for number in flat[np.isfinite(flat)].tolist() if len(digits(abs(number))) > 8)


@cache
def digits(number: float) -> str:
    """The number as it is told; the same numbers are told many thousands of times."""
    return f"{number:.12g}"


def _spread(spy: Spy, value: Any) -> Any:
    """A result of the right form, whose numbers are what was heard."""
    if isinstance(value, dict):
        return {key: _spread(spy, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_spread(spy, item) for item in value)
    if isinstance(value, np.ndarray) and value.dtype.kind == "f" and spy.heard:
        return np.resize(spy.heard[: -value.size - 1 : -1], value.shape)
    return spy.heard[-1] if isinstance(value, float) and spy.heard else value


def _shape(spy: Spy) -> tuple[int, ...]:
    """An array without entries may have any lengths."""
    lengths = (digits(abs(number)).replace(".", "").replace("e-", "")[:8] for number in spy.heard[-2:])
    return 0, *map(int, lengths)


WAYS: dict[str, Told] = {
    "message": lambda spy, value: Raised("ValueError", spy.dump(500)[:500], 3),
    "kind": lambda spy, value: Raised(spy.dump(60)[:60], "no", 3),
    "module": lambda spy, value: Raised("ModuleNotFoundError", "no", 3, f"m{spy.dump(99)}"[:99]),
    "values": lambda spy, value: Returned(_spread(spy, value)),
    "shape": lambda spy, value: Returned(np.empty(_shape(spy))),
    "text": lambda spy, value: Returned(spy.dump()),
    "keys": lambda spy, value: Returned({spy.dump(): 1.0}),
    "tuple": lambda spy, value: Returned((spy.dump(),) * 7),
    "object": lambda spy, value: Returned(Unsupported(spy.dump())),
    "gone": lambda spy, value: Absent("not callable", spy.dump(), 3),
    "unparsed": lambda spy, value: Absent("syntax", spy.dump(), 3),
    "stopped": lambda spy, value: Stopped("crash", spy.dump()),
    "number": lambda spy, value: Returned(spy.heard[-1] if spy.heard else 0.5),
}
CHANNELS = (*WAYS, "signature", "no function", "syntax", "load")
