"""The seam: checks call a Candidate and never learn whether it lives in a sandbox or in this process.

A call never raises for anything the student's code does; whatever happened comes back as one Outcome.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol


@dataclass(frozen=True)
class Returned:
    """The call returned. `value` holds plain arrays, numbers, strings, None, and lists, tuples and dicts of them.

    cpu: seconds of CPU time, all threads, measured outside the student's process.
    changed: names of the arguments whose arrays differ after the call (by the worker's own word).
    warned: NumPy or Python printed a warning during the call (by the worker's own word).
    """

    value: Any
    cpu: float = 0.0
    changed: tuple[str, ...] = ()
    warned: bool = False


@dataclass(frozen=True)
class Raised:
    """The call raised. `kind` is the exception's type name, "Exception" for a type that is not builtin.

    line: in the student's own file, None when unknown. missing: the module that could not be imported.
    cell: the notebook's, which the line is then in.
    """

    kind: str
    message: str = ""
    line: int | None = None
    missing: str | None = None
    cell: int | None = None


StopReason = Literal["time", "memory", "crash", "output", "protocol"]


@dataclass(frozen=True)
class Stopped:
    """The process was ended: too slow, too large, gone, printing without end, or talking nonsense on the wire."""

    reason: StopReason
    detail: str = ""


AbsentReason = Literal["missing", "syntax", "not callable"]


@dataclass(frozen=True)
class Absent:
    """There is no such function to call, and why; for a syntax error the line (in a cell) and Python's own words."""

    reason: AbsentReason
    detail: str = ""
    line: int | None = None
    cell: int | None = None


Outcome = Returned | Raised | Stopped | Absent


@dataclass(frozen=True)
class Signature:
    """Parameter names of the student's function, by the worker's own word.

    positional: names that can be given by position. keyword: names that can be given by keyword.
    required: names without a default. any_positional, any_keyword: it takes *args, **kwargs. empty: it computes
    nothing, as a stub does.
    """

    positional: tuple[str, ...]
    keyword: tuple[str, ...]
    required: tuple[str, ...] = ()
    any_positional: bool = False
    any_keyword: bool = False
    empty: bool = False


@dataclass(frozen=True)
class Notes:
    """What happened while a source was loaded, for the report: lines that were skipped and why."""

    skipped: tuple[tuple[int, str], ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Request:
    """One of many questions that are sent together: a call, or without `args` only the signature."""

    function: str
    args: tuple[Any, ...] | None = None
    kwargs: dict[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class RequestBatch:
    """Questions that are asked together, of many candidates. memo: where the way there keeps what it made of them."""

    requests: tuple[Request, ...]
    memo: dict[str, Any] = field(default_factory=dict)


Response = Signature | Raised | Stopped | Absent | Returned


class Implementation(Protocol):
    """The functions of one submitted source."""

    def call_many(self, request_batch: RequestBatch, seconds: float) -> list[Response] | None:
        """The answers to many questions in one journey, within `seconds` in all; None where that saves nothing, or
        where one of them did not end well: then they are asked one by one, and each gets its own answer."""
        ...

    def describe(self, function: str) -> Signature | Raised | Stopped | Absent:
        """The signature of `function`, or why there is none."""
        ...

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, names: tuple[str, ...], seconds: float
    ) -> Outcome:
        """One call within `seconds` of CPU time.

        names: of the positional arguments, for `changed`; without any, nobody looks for changed arguments.
        """
        ...

    def transport(self, args: tuple[Any, ...], kwargs: dict[str, Any], shapes: list[tuple[int, ...]]) -> float:
        """Seconds of CPU time that a call takes for bringing these arguments in and float64 of these shapes out."""
        ...


