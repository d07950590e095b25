"""Decode a worker's replies to outcomes. Student code controls every value in a reply, so each is checked."""

from __future__ import annotations

import builtins
import re
import types
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast, get_args

import numpy as np

from autograder.implementation import Absent, AbsentReason, Outcome, Raised, Response, Returned, Signature, Stopped
from autograder.sandbox.exchange import Reply
from autograder.sandbox.inside import wire
from autograder.sandbox.inside.frame import FrameKind, WireError, split
from autograder.values import Code, Rng, Unsupported

TEXT = 500
NAMES = 256
_MODULE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,99}")


@cache
def plain_kinds() -> frozenset[str]:
    """Return the type names that a worker may give for a value with no encoding."""
    holders = (builtins, types, np)
    found = {value.__name__ for holder in holders for value in vars(holder).values() if isinstance(value, type)}
    found |= {"Generator", "MaskedArray"}
    return frozenset(found | {f"array of {scalar.__name__.rstrip('_')}" for scalar in np.sctypeDict.values()})


@cache
def exception_kinds() -> frozenset[str]:
    """Return the names of builtin exceptions."""
    return frozenset(
        name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
    )


def _kind(told: str) -> str:
    return told if told in plain_kinds() else "object"


_SENT = wire.Words(Rng, Code, Unsupported)
_RECEIVED = wire.Words(
    rng=lambda seed: Unsupported("Generator"),
    code=lambda name, source: Unsupported("function"),
    unsupported=lambda kind: Unsupported(_kind(kind)),
    large=lambda kind, shape: Unsupported(_kind(kind), shape),
)


def encode(value: Any) -> bytes:
    """Encode the body of a request; raise TypeError if a value cannot be sent to a student."""
    try:
        return wire.encode(value, _SENT)
    except WireError as error:
        raise TypeError(
            f"{error}; arguments are arrays, numbers, strings, None, Rng, Code, and lists of them"
        ) from None


def answers(reply: Reply, readers: Sequence[Callable[[Reply], Response]]) -> list[Response]:
    """Return the answers in a reply to a batch, each read by its own reader; WireError if their number differs."""
    if reply.kind != FrameKind.ANSWERS:
        raise WireError(f"a frame of kind {reply.kind.name} does not answer many requests")
    parts = split(reply.body)
    if len(parts) != len(readers):
        raise WireError(f"{len(parts)} answers to {len(readers)} requests")
    share = None if reply.cpu is None else reply.cpu / max(len(parts), 1)
    return [read(Reply(kind, body, share)) for read, (kind, body) in zip(readers, parts, strict=True)]


def outcome(reply: Reply, names: frozenset[str], cap: int) -> Outcome:
    """Return the outcome in a reply to a call; raise WireError if it holds none, or one that costs more than `cap`.

    names: the arguments' names.
    """
    if len(reply.body) > cap:
        raise WireError(f"{len(reply.body)} bytes, at most {cap} are allowed")
    if reply.kind == FrameKind.RETURNED:
        changed, own_cpu, value = _fields(wire.decode(reply.body, _RECEIVED, cap), 3)
        known = tuple(name for name in _texts(changed) if name in names)
        if type(own_cpu) is not float or not 0 <= own_cpu < 1e6:
            raise WireError("seconds belong here")
        return Returned(value, own_cpu if reply.cpu is None else reply.cpu, known)
    if reply.kind == FrameKind.OVERSIZE:
        return Stopped("memory", f"the result is too large to send: {_text(_decode(reply))}")
    found = described(reply)
    if isinstance(found, Signature):
        raise WireError("a signature answers no call")
    return found


def described(reply: Reply) -> Signature | Raised | Absent:
    """Return the signature in a reply, or why there is none; raise WireError if it holds neither."""
    if reply.kind == FrameKind.SIGNATURE:
        positional, keyword, required, *facts = _fields(_decode(reply), 6)
        if any(type(fact) is not bool for fact in facts):
            raise WireError("a bool belongs here")
        return Signature(_texts(positional), _texts(keyword), _texts(required), *facts)
    if reply.kind == FrameKind.RAISED:
        kind, message, line, missing = _fields(_decode(reply), 4)
        name = _text(kind)
        module = missing if missing is not None and _MODULE.fullmatch(_text(missing)) else None
        return Raised(name if name in exception_kinds() else "Exception", _text(message), _line(line), module)
    if reply.kind == FrameKind.ABSENT:
        reason, detail, line = _fields(_decode(reply), 3)
        if type(reason) is not str or reason not in get_args(AbsentReason):
            raise WireError("no reason for a missing function")
        return Absent(cast(AbsentReason, str(reason)), _text(detail), _line(line))
    raise WireError(f"a frame of kind {reply.kind.name} answers nothing")


def loaded(reply: Reply) -> None:
    """Raise WireError unless the reply says that a source was loaded."""
    if reply.kind != FrameKind.LOADED:
        raise WireError(f"a frame of kind {reply.kind.name} does not answer a source")


def progress_line(body: bytes | None) -> int | None:
    """Return the line that the worker reported last, None if it reported none."""
    try:
        return None if body is None else _line(wire.decode(body, _RECEIVED))
    except Exception:  # as in Session._read
        return None


def _decode(reply: Reply) -> Any:
    return wire.decode(reply.body, _RECEIVED)


def _fields(value: Any, count: int | None = None) -> list[Any]:
    if type(value) is not list or len(value) != (len(value) if count is None else count):
        raise WireError("a list of another length belongs here")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if len(_fields(value)) > NAMES:
        raise WireError("too many names")
    return tuple(_text(item) for item in value)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise WireError("a string belongs here")
    return value[:TEXT]


def _line(value: Any) -> int | None:
    if value is not None and type(value) is not int:
        raise WireError("a line number belongs here")
    return value if value is None or 0 < value < 1 << 31 else None
