"""The interface between checks and code: an Implementation runs in a sandbox or in this process.

A call never raises for anything that the student's code does; it returns an Outcome.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable


@dataclass(frozen=True)
class Returned:
    """Outcome of a call that returned."""

    value: Any
    """The returned value: an array, a number, a string, None, or a list, tuple or dict of such values."""
    cpu: float = 0.0
    """Seconds of CPU time of all threads, measured outside the student's process."""
    changed: tuple[str, ...] = ()
    """Names of the arguments whose arrays differ after the call, as the worker reports."""


@dataclass(frozen=True)
class Raised:
    """Outcome of a call that raised an exception."""

    kind: str
    """The name of the exception's type; "Exception" for a type that is not builtin."""
    message: str = ""
    line: int | None = None
    """Line in the student's file, or in `cell`; None when unknown."""
    missing: str | None = None
    """The module that could not be imported."""
    cell: int | None = None
    """The number of the notebook's cell."""


StopReason = Literal["time", "total", "memory", "crash", "output", "protocol"]


@dataclass(frozen=True)
class Stopped:
    """The call gave no result: its process was ended as too slow or too large, crashed, printed without end or broke
    the protocol; or it was not made because the answer's calls took too long in total."""

    reason: StopReason
    detail: str = ""


AbsentReason = Literal["missing", "syntax", "not callable"]


@dataclass(frozen=True)
class Absent:
    """There is no function of this name to call. For a syntax error: its line and cell, and Python's message."""

    reason: AbsentReason
    detail: str = ""
    line: int | None = None
    cell: int | None = None


Outcome = Returned | Raised | Stopped | Absent


@dataclass(frozen=True)
class Signature:
    """Parameter names of the student's function, as the worker reports them."""

    positional: tuple[str, ...]
    """Names that can be given by position."""
    keyword: tuple[str, ...]
    """Names that can be given by keyword."""
    required: tuple[str, ...] = ()
    """Names without a default."""
    any_positional: bool = False
    """Whether the function takes *args."""
    any_keyword: bool = False
    """Whether the function takes **kwargs."""
    empty: bool = False
    """Whether the function computes nothing, as a stub does."""


@dataclass(frozen=True)
class Request:
    """Request to call a function or, without `args`, to return its signature."""

    function: str
    args: tuple[Any, ...] | None = None
    kwargs: dict[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    """Names of the positional arguments, of which changes are reported; () to report none."""
    expected: int = 0
    """Cost of the arguments or of the right outputs, the larger one (`numeric.sample.cost`); it bounds the reply."""
    timed: bool = False
    """Whether `cpu` counts the function alone, as in `Implementation.call`."""


@dataclass(frozen=True, eq=False)
class RequestBatch:
    """Requests that are sent together, to several implementations. memo: where the sandbox keeps their encoding."""

    requests: tuple[Request, ...]
    memo: dict[str, Any] = field(default_factory=dict)


Response = Signature | Raised | Stopped | Absent | Returned


class Implementation:
    """The functions of one submitted source: `respond` answers all requests."""

    def respond(self, request: Request, seconds: float | None) -> Any:
        """Return the response to a request, within `seconds` of CPU time; None: within the time to load a source."""
        raise NotImplementedError

    def call_many(self, request_batch: RequestBatch, seconds: float) -> list[Response] | None:
        """Return the responses to a batch, within `seconds` in all; None where a batch saves nothing or one request did
        not end well: then the caller makes the calls one by one."""
        return None

    def describe(self, function: str) -> Signature | Raised | Stopped | Absent:
        """Return the signature of `function`, or why there is none."""
        found: Signature | Raised | Stopped | Absent = self.respond(Request(function), None)
        return found

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, names: tuple[str, ...], seconds: float,
        expected: int = 0, timed: bool = False,
    ) -> Outcome:  # fmt: skip
        """Call a function and return the outcome, within `seconds` of CPU time.

        names: those of the positional arguments, for `changed`; without names changes of arguments are not reported.
        expected: as in Request. A part of the result that is far larger becomes Unsupported, with its shape.
        timed: `cpu` counts the function alone, not the sending of arguments and results; changes are not reported.
        """
        found: Outcome = self.respond(Request(function, tuple(args), dict(kwargs), names, expected, timed), seconds)
        return found

    def renew(self) -> None:
        """End the process, so that later calls run in a new one that has only the source; no-op for trusted code."""
        return None

    def timing_fault(self) -> str:
        """Return why calls cannot be timed here, "" if they can."""
        return ""


class Forwarder(Implementation):
    """Implementation that passes requests on to another one, and may change its responses."""

    def __init__(self, implementation: Implementation) -> None:
        self._implementation = implementation
        self.renew, self.timing_fault = implementation.renew, implementation.timing_fault  # type: ignore[method-assign]

    def respond(self, request: Request, seconds: float | None) -> Any:
        """Return the other implementation's response."""
        if request.args is None or seconds is None:
            return self._implementation.describe(request.function)
        return self._implementation.call(
            request.function, request.args, request.kwargs, names=request.names, seconds=seconds,
            expected=request.expected, timed=request.timed,
        )  # fmt: skip


@runtime_checkable
class Editable(Protocol):
    """An implementation whose source is at hand, and which can be made of another source."""

    @property
    def source(self) -> str:
        """Return the source."""

    def with_source(self, source: str) -> Implementation:
        """Return the implementation of another source, which runs in the same process."""
