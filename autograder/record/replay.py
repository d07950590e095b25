"""Recording the calls to an implementation, and replaying their outcomes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from inspect import Parameter
from inspect import Signature as Form
from types import MappingProxyType
from typing import Any

import numpy as np

from autograder.errors import Unrecorded
from autograder.implementation import (
    Absent,
    Implementation,
    Outcome,
    Raised,
    RequestBatch,
    Response,
    Signature,
    Stopped,
)
from autograder.spec.function import Function
from autograder.values import Code, Rng, Unsupported

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class RecordedCall:
    """One call to a function."""

    function: str
    """Name of the function."""
    args: tuple[Any, ...]
    """Arguments by position."""
    kwargs: Mapping[str, Any]
    """Arguments by name."""

    @cached_property
    def key(self) -> str:
        """Return a digest that is equal for arguments that are equal to the bit."""
        return digest((self.function, self.args, dict(self.kwargs)))


class Recorder:
    """Pass calls on to an implementation, and record each with its outcome."""

    def __init__(self, implementation: Implementation) -> None:
        self._implementation = implementation
        self.calls: list[tuple[RecordedCall, Outcome]] = []

    def describe(self, function: str) -> Signature | Raised | Stopped | Absent:
        """Return the signature that the recorded implementation has."""
        return self._implementation.describe(function)

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, names: tuple[str, ...], seconds: float,
        expected: int = 0, timed: bool = False,
    ) -> Outcome:  # fmt: skip
        """Call the recorded implementation, record the outcome and return it."""
        outcome = self._implementation.call(
            function, args, kwargs, names=names, seconds=seconds, expected=expected, timed=timed
        )
        self.calls.append((RecordedCall(function, args, kwargs), outcome))
        return outcome

    def call_many(self, request_batch: RequestBatch, seconds: float) -> list[Response] | None:
        """Return None, so that the calls are made one by one and recorded."""
        return None

    def renew(self) -> None:
        """Renew the recorded implementation."""
        self._implementation.renew()

    def timing_fault(self) -> str:
        """Return why the recorded implementation's calls cannot be timed, "" if they can."""
        return self._implementation.timing_fault()


class ReplayedImplementation:
    """Give recorded outcomes.

    A repeated call gets the next recorded outcome, after the last one that again. A call without one raises Unrecorded.
    """

    def __init__(self, calls: Iterable[tuple[RecordedCall, Outcome]], signatures: Mapping[str, Signature]) -> None:
        self._signatures = signatures
        self._outcomes: dict[str, list[Outcome]] = {}
        for call, outcome in calls:
            self._outcomes.setdefault(call.key, []).append(outcome)

    def describe(self, function: str) -> Signature | Absent:
        """Return the signature that the exercise asks for."""
        return self._signatures.get(function) or Absent("missing", f"{function} is not recorded")

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, names: tuple[str, ...], seconds: float,
        expected: int = 0, timed: bool = False,
    ) -> Outcome:  # fmt: skip
        """Return the recorded outcome of the call."""
        found = self._outcomes.get(RecordedCall(function, args, kwargs).key)
        if not found:
            raise Unrecorded(f"{function} was never asked this")
        return found.pop(0) if len(found) > 1 else found[0]

    def call_many(self, request_batch: RequestBatch, seconds: float) -> list[Response] | None:
        """Return None: batching saves nothing where no process is called."""
        return None

    def renew(self) -> None:
        """Do nothing: there is no process."""

    def timing_fault(self) -> str:
        """Return "": a call that is not recorded raises Unrecorded before it is timed."""
        return ""


class RecordedFunction:
    """An oracle that returns recorded results; other calls raise Unrecorded."""

    recorded = True

    def __init__(
        self, name: str, positional: Sequence[str], keywords: Sequence[str], defaults: Mapping[str, Any] = _NOTHING
    ) -> None:
        self.__name__ = name
        given = {name: defaults.get(name, Parameter.empty) for name in (*positional, *keywords)}
        first = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=given[name]) for name in positional]
        others = [Parameter(name, Parameter.KEYWORD_ONLY, default=given[name]) for name in keywords]
        self.__signature__ = Form(first + others)
        self._defaults = {name: defaults[name] for name in keywords if name in defaults}
        self._calls: list[tuple[RecordedCall, Any]] = []
        self._answers: dict[str, Any] = {}

    def add(self, args: tuple[Any, ...], kwargs: Mapping[str, Any], value: Any) -> None:
        """Add a call and the value that the reference returned."""
        self._calls.append((self._call(args, kwargs), value))

    def _call(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> RecordedCall:
        """Return the call with defaults filled in, so that an omitted default equals an explicit one."""
        return RecordedCall(self.__name__, args, dict(sorted({**self._defaults, **kwargs}.items())))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        while self._calls:  # computed on the first call, because digests take time
            call, value = self._calls.pop()
            self._answers.setdefault(call.key, value)
        key = self._call(args, kwargs).key
        if key not in self._answers:
            raise Unrecorded(f"the reference's {self.__name__} is not here, and this question was not recorded")
        return self._answers[key]


def add_answer(oracle: Any, function: Function, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> None:
    """Add to a recorded oracle with the signature of `function` the outputs of the reference for these inputs."""
    assert isinstance(oracle, RecordedFunction)
    given = tuple(inputs[name] for name in function.positional)
    options = {name: inputs[name] for name in function.keywords if name in inputs}
    values = tuple(outputs.values())
    oracle.add(given, options, values[0] if len(values) == 1 else values)


def digest(value: Any) -> str:
    """Return a SHA-256 digest of a value, its types, shapes, dtypes and memory orders."""
    state = hashlib.sha256()
    _feed(state.update, value)
    return state.hexdigest()


def _feed(update: Callable[[bytes], None], value: Any) -> None:
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        update(f"{array.dtype.newbyteorder('<').str}{array.shape}{order};".encode())
        update(np.asarray(array, array.dtype.newbyteorder("<")).tobytes(order))  # type: ignore[arg-type]
    elif isinstance(value, list | tuple):
        update(f"{type(value).__name__}{len(value)};".encode())
        for item in value:
            _feed(update, item)
    elif isinstance(value, Mapping):
        update(f"dict{len(value)};".encode())
        for key, item in value.items():
            _feed(update, key)
            _feed(update, item)
    else:
        words = repr(value if isinstance(value, Rng | Code | Unsupported) else (type(value).__name__, value))
        update(f"{len(words)}:{words};".encode())
