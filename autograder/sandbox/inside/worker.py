"""Run the loop of one worker: load sources, describe and call functions, and reply with bytes.

No reply is trusted: the grader decodes plain values and judges them in a process without student code.
"""

from __future__ import annotations

import ast
import inspect
import mmap
import os
import random
import sys
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from opcode import opname
from time import process_time
from typing import Any

import numpy as np

from . import preload, wire
from .frame import Channel, Closed, FrameKind, pack, split
from .loader import BrokenChunk, Failure, LoadedSource, Placeholder, failure, load, parse

REQUEST, REPLY = 3, 4
_PLAIN = frozenset({"builtins", "numpy", "numpy.random._generator", "numpy.ma", "numpy.matrixlib.defmatrix"})
_NOTHING = frozenset(
    "RESUME NOP LOAD_CONST STORE_FAST LOAD_FAST LOAD_FAST_BORROW BUILD_TUPLE RETURN_VALUE RETURN_CONST".split()
)


@dataclass(frozen=True)
class NoEncoding:
    """Replacement for a value that has no encoding."""

    kind: str


@cache
def function_from(name: str, source: str) -> Any:
    """Return the function `name` that the grader's own `source` defines."""
    namespace: dict[str, Any] = {"__name__": "given", "np": np}
    exec(compile(source, "given.py", "exec"), namespace)
    return namespace[name]


WORDS = wire.Words(np.random.default_rng, function_from, NoEncoding)


def kind_of(value: Any) -> str:
    """Return the name of a builtin or NumPy type, "array of <dtype>" for an array, else "object"."""
    if isinstance(value, np.ndarray):
        return f"array of {value.dtype.type.__name__.rstrip('_')}"
    return type(value).__name__ if type(value).__module__ in _PLAIN else "object"


def outline(value: Any) -> tuple[str, tuple[int, ...]]:
    """Return the kind and the shape of a value that is too large to send."""
    if isinstance(value, np.ndarray):
        return kind_of(value), np.asarray(value).shape[: wire.MAX_DIMS]
    return kind_of(value), (len(value),) if isinstance(value, list | tuple | dict | str) else ()


class WorkerLoop:
    """Loop that loads sources, by name, and answers requests."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._sources: dict[str, LoadedSource] = {}
        self._held: list[Any] = []
        self._result: list[bytes | memoryview] = []

    def run(self) -> None:
        """Answer requests until the grader closes the pipe."""
        self._channel.write(0, FrameKind.READY, wire.encode(None, WORDS))
        while True:
            try:
                seq, kind, body = self._channel.read()
            except Closed:
                return
            answer, reply = self._answer(seq, kind, body)
            del body
            for stream in (sys.stdout, sys.stderr):
                with suppress(BaseException):
                    stream.flush()
            process_time()  # makes the kernel record the time used so far, which the grader reads next
            self._channel.write(seq, answer, reply)

    def _answer(self, seq: int, kind: FrameKind, body: bytearray) -> tuple[FrameKind, bytes]:
        if kind == FrameKind.MANY:
            return FrameKind.ANSWERS, b"".join(self._many(seq, body))
        if kind == FrameKind.LOAD:
            return self._load(seq, *_read(body))
        if kind == FrameKind.DESCRIBE:
            return self._describe(*wire.decode(body, WORDS))
        if kind == FrameKind.CALL:
            return _joined(*self._call(*wire.decode(body, WORDS)))
        if kind == FrameKind.RUN:
            return self._run(*self._held)
        if kind == FrameKind.FETCH:
            result, self._result = self._result, []
            return _joined(FrameKind.RETURNED, result)
        self._held = []
        if kind == FrameKind.TOUCH:
            np.empty(wire.decode(body, WORDS), np.uint8)[:: mmap.PAGESIZE] = 1
        else:
            self._held = wire.decode(body, WORDS)
        return FrameKind.RETURNED, _encode([[], 0.0, None])

    def _many(self, seq: int, body: bytearray) -> Iterator[bytes]:
        for index, (kind, part) in enumerate(split(body)):
            answer, reply = self._answer(seq, kind, bytearray(part))
            yield pack(index, answer, len(reply)) + reply

    def _load(
        self, seq: int, name: str, pieces: list[ast.stmt | BrokenChunk], stopped_at: int | None
    ) -> tuple[FrameKind, bytes]:
        def progress(line: int) -> None:
            self._channel.write(seq, FrameKind.PROGRESS, _encode(line))

        self._sources[name] = load(name, pieces, stopped_at=stopped_at, progress=progress)
        return FrameKind.LOADED, b""

    def _describe(self, name: str, function: str) -> tuple[FrameKind, bytes]:
        found, absent = self._find(name, function)
        if absent is not None:
            return absent
        try:
            return FrameKind.SIGNATURE, _encode(signature(found))
        except BaseException as error:
            return _raised(failure(error, self._sources[name].filename))

    def _find(self, name: str, function: str) -> tuple[Any, tuple[FrameKind, bytes] | None]:
        """Return the function, or the reply that says why there is none."""
        source = self._sources[name]
        found = source.module.__dict__.get(function)
        if function not in source.module.__dict__:
            if function in source.failed:
                return None, _raised(source.failed[function])
            broken = source.unparsed.get(function)
            why = ["syntax", broken.detail, broken.line] if broken else ["missing", "", None]
            return None, (FrameKind.ABSENT, _encode(why))
        if isinstance(found, Placeholder):
            try:
                found()
            except ImportError as error:
                return None, _raised(failure(error, source.filename))
        if not callable(found):
            return None, (FrameKind.ABSENT, _encode(["not callable", f"it is of type {kind_of(found)}", None]))
        return found, None

    def _call(
        self, name: str, function: str, args: Any, kwargs: Any, names: Any, most: int
    ) -> tuple[FrameKind, list[bytes | memoryview]]:
        """Call the function, and return the parts of the reply."""
        found, absent = self._find(name, function)
        if absent is not None:
            return absent[0], [absent[1]]
        kept = {**dict(zip(names, args, strict=False)), **kwargs} if names else {}
        before = {key: _copied(value) for key, value in kept.items()}
        begun = process_time()
        try:
            with warnings.catch_warnings(), np.errstate(all="warn", under="ignore"):
                warnings.simplefilter("ignore")
                value = found(*args, **kwargs)
        except BaseException as error:
            kind, reply = _raised(failure(error, self._sources[name].filename))
            return kind, [reply]
        used = process_time() - begun
        return _parts([[key for key in before if _changed(before[key], kept[key])], used, value], most)

    def _run(self, name: str, function: str, args: Any, kwargs: Any, most: int) -> tuple[FrameKind, bytes]:
        """Call the function named by HOLD and encode its result; return the reply: its CPU time, or an exception."""
        begun = process_time()
        kind, parts = self._call(name, function, args, kwargs, (), most)
        if kind != FrameKind.RETURNED:
            return _joined(kind, parts)
        self._result = parts
        return kind, _encode([[], process_time() - begun, None])


def _read(body: bytearray) -> tuple[str, list[ast.stmt | BrokenChunk], int | None]:
    """Return name, pieces and stop line of a LOAD request, whose bytes are overwritten before student code runs."""
    name, text, stopped_at = wire.decode(body, WORDS)
    body[:] = bytes(len(body))
    return name, parse(text, f"{name}.py"), stopped_at


def _raised(error: Failure) -> tuple[FrameKind, bytes]:
    return FrameKind.RAISED, _encode(list(error))


def signature(found: Any) -> list[Any]:
    """Return the fields of the Signature of a function; one without a signature counts as accepting all arguments."""
    try:
        parameters = list(inspect.signature(found).parameters.values())
    except ValueError:
        return [[], [], [], True, True, False]
    named = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    code = getattr(found, "__code__", None)
    return [
        [p.name for p in named if p.kind != p.KEYWORD_ONLY],
        [p.name for p in named if p.kind != p.POSITIONAL_ONLY],
        [p.name for p in named if p.default is p.empty],
        any(p.kind == p.VAR_POSITIONAL for p in parameters),
        any(p.kind == p.VAR_KEYWORD for p in parameters),
        # whether it only names constants and returns: a docstring, `pass`, `dx = None; return dx`
        code is not None and {opname[step] for step in code.co_code[::2]} <= _NOTHING,
    ]


def _joined(kind: FrameKind, parts: list[bytes | memoryview]) -> tuple[FrameKind, bytes]:
    try:
        return kind, b"".join(parts)
    except MemoryError:
        return FrameKind.OVERSIZE, _encode("no memory left to send it")


def _parts(answer: list[Any], cap: int) -> tuple[FrameKind, list[bytes | memoryview]]:
    """Return kind and parts of the reply: the encoded answer, whose last item is the returned value, or why not."""
    try:
        encoder = wire.Encoder(WORDS, cap, lambda value: NoEncoding(kind_of(value)), outline)
        return FrameKind.RETURNED, encoder.parts(answer)
    except wire.TooLarge as error:
        return FrameKind.OVERSIZE, [_encode(str(error))]
    except MemoryError:
        return FrameKind.OVERSIZE, [_encode("no memory left to send it")]
    except BaseException:
        return FrameKind.RETURNED, [_encode([*answer[:-1], NoEncoding(kind_of(answer[-1]))])]


def _copied(value: Any) -> Any:
    """Return a copy of the argument, for `_changed`; of an array, its bytes, shape and dtype."""
    if isinstance(value, np.ndarray):
        return value.tobytes(), value.shape, value.dtype
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_copied, value))
    return value


def _changed(before: Any, after: Any) -> bool:
    """Return whether any bit of an argument differs from its copy. Arguments were decoded: only plain types occur."""
    if isinstance(after, np.ndarray):
        return bool(before != _copied(after))
    if type(before) is not type(after):
        return True
    if isinstance(before, dict):
        return before.keys() != after.keys() or any(_changed(before[key], after[key]) for key in before)
    if isinstance(before, list | tuple):
        return len(before) != len(after) or any(map(_changed, before, after))
    return isinstance(after, int | float | str) and before is not after and before != after


def _encode(value: Any) -> bytes:
    return wire.encode(value, WORDS)


def run(request: int = REQUEST, reply: int = REPLY) -> None:
    """Run a worker on these two pipes until the grader closes them."""
    random.seed(0)
    WorkerLoop(Channel(request, reply)).run()


def main(folders: list[str]) -> None:
    """Run a worker that was started as a separate process: requests on stdin, replies on stdout, the log on stderr.

    `folders` are removed from sys.path before student code is loaded."""
    request, reply = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        for fd in (request, reply):
            msvcrt.setmode(fd, os.O_BINARY)
    preload.import_all(folders)
    preload.hide_engine()
    run(request, reply)
