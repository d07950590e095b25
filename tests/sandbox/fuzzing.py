"""Random and damaged bytes for every reader of the wire, on both of its sides. Each case follows from its seed alone.

`messages(cases, seed)` reads that many and gives back how they ended; whatever is no value and no WireError passes
through to the caller as the exception that it is.
"""

from __future__ import annotations

import os
import random
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.implementation import Absent, Raised, Returned, Signature, Stopped
from autograder.sandbox import answers
from autograder.sandbox.exchange import Assembler, Reply
from autograder.sandbox.inside import wire
from autograder.sandbox.inside.frame import Channel, Closed, FrameKind, WireError, pack, split
from autograder.sandbox.inside.wire import DTYPES, Words
from autograder.values import Unsupported

NAMES = frozenset({"x", "w"})
CAP = 1 << 16
_SENT = wire.Words(lambda seed: None, lambda name, source: None, Unsupported)
# The worker's own words run code that the grader wrote; here nothing is run.
_INSIDE = Words(np.random.default_rng, lambda name, source: (name, source), Unsupported)
_BYTES = (*range(14), 0x7F, 0x80, 0xFE, 0xFF)
_NUMBERS = (0, 1, 2, 7, 8, 9, 255, 1 << 16, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 57, 1 << 63, (1 << 64) - 1)
_TEXTS = ("", "x", "w", "missing", "syntax", "ValueError", "a.b", "ü\u202e\0", "x" * 600, "1e999", "os; os")


class Draw:
    """Generator of values, messages and damage from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def value(self, depth: int = 0) -> Any:
        """Return any value that the wire can carry."""
        r = self.random
        kind = r.randrange(7 if depth > 2 else 10)
        if kind == 0:
            return r.choice((None, True, False))
        if kind == 1:
            return r.choice((0, 1, -1, 7, (1 << 63) - 1, -(1 << 63), r.getrandbits(40)))
        if kind == 2:
            return r.choice((0.0, -0.0, float("nan"), float("inf"), -1.5, 1e308, r.random()))
        if kind == 3:
            return r.choice(_TEXTS)
        if kind in (4, 5):
            return self.array()
        if kind == 6:
            return Unsupported(r.choice(("object", "set", "Evil")))
        items = [self.value(depth + 1) for _ in range(r.randrange(4))]
        return {7: items, 8: tuple(items), 9: {str(i): item for i, item in enumerate(items)}}[kind]

    def array(self) -> Any:
        """Return an array of any type, with few entries, in either memory order."""
        r = self.random
        shape = tuple(r.randrange(4) for _ in range(r.randrange(4)))
        dtype = np.dtype(r.choice(DTYPES))
        size = int(np.prod(shape)) * dtype.itemsize
        data = bytes(r.randrange(2) for _ in range(size)) if dtype.kind == "b" else r.randbytes(size)
        made = np.frombuffer(data, dtype).reshape(shape)
        return np.asfortranarray(made) if r.random() < 0.3 else made

    def fields(self, kind: FrameKind) -> Any:
        """Return the content of a reply of this kind, or something that resembles it."""
        word = self.word
        forms: dict[FrameKind, Callable[[], Any]] = {
            FrameKind.RETURNED: lambda: [[word(), "x"], 0.5, self.value()],
            FrameKind.RAISED: lambda: [word(), word(), 3, None],
            FrameKind.ABSENT: lambda: ["missing", word(), None],
            FrameKind.SIGNATURE: lambda: [["x"], ["w"], [], False, True, False],
            FrameKind.LOADED: lambda: [[1, word()], [2, word()]],
            FrameKind.OVERSIZE: word,
            FrameKind.PROGRESS: lambda: 3,
        }
        made = forms.get(kind, self.value)()
        if isinstance(made, list) and made and self.random.random() < 0.5:
            made[self.random.randrange(len(made))] = self.value(1)
        return made

    def word(self) -> Any:
        """Return a text in most cases."""
        return self.random.choice(_TEXTS) if self.random.random() < 0.9 else self.value(2)

    def body(self, kind: FrameKind = FrameKind.FAULT) -> bytes:
        """Return a reply's body as a worker sends it."""
        return wire.encode(self.fields(kind), _SENT)

    def damaged(self, data: bytes) -> bytes:
        """Return the bytes with some damage."""
        changed = bytearray(data)
        for _ in range(self.random.randrange(4)):
            self._damage(changed)
        return bytes(changed)

    def _damage(self, data: bytearray) -> None:
        r, at = self.random, self.random.randrange(len(data) + 1)
        match r.randrange(7):
            case 0 if at < len(data):
                data[at] = r.choice(_BYTES)
            case 1 if at < len(data):
                data[at] ^= 1 << r.randrange(8)
            case 2:
                data[at : at + 4] = struct.pack("<I", r.choice(_NUMBERS) & 0xFFFFFFFF)
            case 3:
                data[at : at + 8] = struct.pack("<Q", r.choice(_NUMBERS))
            case 4:
                del data[at : at + r.randrange(9)]
            case 5:
                data[at:at] = data[at : at + r.randrange(40)] or self.body()[:40]
            case 6:
                data[at:at] = r.randbytes(r.randrange(9))

    def frames(self, count: int) -> bytes:
        """Return consecutive frames, some with a wrong header."""
        made = b""
        for number in range(count):
            kind = self.random.choice(_ANSWERS)
            body = self.damaged(self.body(kind))
            length = len(body) if self.random.random() < 0.95 else self.random.choice(_NUMBERS)
            made += pack(number, kind, length) + body
        return made


def messages(cases: int, seed: int = 0) -> Counter[str]:
    """Count how so many cases ended, by reader and acceptance."""
    ended: Counter[str] = Counter()
    for number in range(cases):
        draw = Draw(seed + number)
        try:
            for name, read in _readers(draw):
                ended[f"{name} {_taken(read)}"] += 1
        except Exception as error:
            error.add_note(f"case {seed + number}")
            raise
    return ended


def _taken(read: Callable[[], object]) -> str:
    try:
        read()
    except WireError:
        return "refused"
    return "taken"


_ANSWERS = (
    FrameKind.RETURNED,
    FrameKind.RAISED,
    FrameKind.ABSENT,
    FrameKind.SIGNATURE,
    FrameKind.LOADED,
    FrameKind.OVERSIZE,
    FrameKind.PROGRESS,
)


def _readers(draw: Draw) -> Iterator[tuple[str, Callable[[], object]]]:
    body = draw.damaged(draw.body())
    cpu = draw.random.choice((None, 0.25))
    yield "value", lambda: _plain(wire.decode(body, answers._RECEIVED), len(body))
    yield "request", lambda: wire.decode(body, _INSIDE)
    for kind in _ANSWERS:
        reply = Reply(kind, draw.damaged(draw.body(kind)), cpu)
        yield kind.name, lambda reply=reply: _read(reply)  # type: ignore[misc]
    count = draw.random.randrange(4)
    stream = draw.damaged(draw.frames(count))
    readers = [lambda reply: _sound(answers.outcome(reply, NAMES, 1 << 20))] * count  # type: ignore[misc]
    yield "answers", lambda: answers.answers(Reply(FrameKind.ANSWERS, stream, cpu), readers)
    yield "split", lambda: split(stream)
    yield "stream", lambda: _assembled(draw, stream)
    yield "channel", lambda: _received(stream[:CAP])


def _read(reply: Reply) -> None:
    if reply.kind == FrameKind.LOADED:
        answers.loaded(reply)
    elif reply.kind == FrameKind.PROGRESS:
        assert answers.progress_line(reply.body) != 0
    elif reply.kind == FrameKind.SIGNATURE:
        _sound(answers.described(reply))
    else:
        _sound(answers.outcome(reply, NAMES, 1 << 20))


def _plain(value: Any, size: int) -> None:
    """Assert that a value has plain, writable types, no more bytes than came in, and survives another round trip."""
    arrays = list(_arrays(value))
    assert all(type(each) is np.ndarray and each.flags.owndata and each.flags.writeable for each in arrays)
    assert sum(each.nbytes for each in arrays) <= size
    back = wire.encode(value, _SENT)
    assert wire.encode(wire.decode(back, answers._RECEIVED), _SENT) == back


def _arrays(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _arrays(item)
    elif not isinstance(value, None | bool | int | float | str | Unsupported):
        yield value


def _sound(found: object) -> object:
    """Assert that every part of a decoded reply has its type and range."""
    match found:
        case Returned(cpu=cpu, changed=changed):
            assert type(cpu) is float and cpu >= 0 and set(changed) <= NAMES
        case Raised(kind=kind, message=message, line=line, missing=missing):
            assert kind in answers.exception_kinds() and type(message) is str and len(message) <= answers.TEXT
            assert (line is None or line > 0) and (missing is None or missing.isascii())
        case Absent(reason=reason, detail=detail):
            assert reason in ("missing", "syntax", "not callable") and len(detail) <= answers.TEXT
        case Signature(positional=positional, keyword=keyword, required=required):
            assert all(type(name) is str for name in (*positional, *keyword, *required))
        case _:
            assert isinstance(found, Stopped)
    return found


def _assembled(draw: Draw, stream: bytes) -> None:
    """Feed a stream in random parts; a complete frame answers the request within the cap."""
    assembler = Assembler(0, CAP)
    while stream:
        cut = draw.random.randrange(1, len(stream) + 1)
        found = assembler.feed(stream[:cut])
        if found is not None:
            kind, body = found
            assert kind != FrameKind.PROGRESS and len(body) <= CAP
            return
        stream = stream[cut:]


def _received(stream: bytes) -> None:
    """Read with the worker's channel from a pipe that ends."""
    ours, theirs = os.pipe()
    try:
        os.write(theirs, stream)
        os.close(theirs)
        channel = Channel(ours, -1, CAP)
        for _ in range(5):
            channel.read()
    except Closed:
        return
    finally:
        os.close(ours)
