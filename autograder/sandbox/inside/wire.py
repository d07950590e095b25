"""Encode and decode plain values, on both sides of the wire.

A value is one tag byte and its payload: None, bool, int64, float64, str, array, list, tuple, dict with str keys, and
four types of each side: Rng(seed), Code(name, source), Unsupported(kind) and a value too large to send.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from .frame import WireError

MAX_ITEMS = 10_000
ITEM = 128
"""Bytes that a value counts besides its own: at least what the receiver needs to hold it."""
MAX_DEPTH = 8
MAX_DIMS = 8
MAX_DIM = 1 << 31
MAX_NOMINAL = 1 << 33
DTYPES = ("f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1")
DTYPE = tuple(np.dtype(name).newbyteorder("<") for name in DTYPES)

NONE, FALSE, TRUE, INT, FLOAT, STR, ARRAY, LIST, TUPLE, DICT, RNG, CODE, UNSUPPORTED, LARGE = range(14)
INT_FORM = struct.Struct("<q")
FLOAT_FORM = struct.Struct("<d")
COUNT = struct.Struct("<I")
SIZE = struct.Struct("<Q")
TAGGED = struct.Struct("<BI")
SHAPE = struct.Struct("<BBB")
DIMS = tuple(struct.Struct(f"<{ndim}Q") for ndim in range(MAX_DIMS + 1))


@dataclass(frozen=True)
class Words:
    """Types that represent Rng, Code and Unsupported on one side of the wire."""

    rng: Callable[[int], Any]
    code: Callable[[str, str], Any]
    unsupported: Callable[[str], Any]
    large: Callable[[str, tuple[int, ...]], Any] | None = None
    """A value that is too large to send, from its kind and shape; None on the side that sends no such value."""


def refuse(value: Any) -> Any:
    """Raise WireError: the `foreign` of a side that sends plain values only."""
    raise WireError(f"a {type(value).__name__} cannot be sent")


Outline = Callable[[Any], tuple[str, tuple[int, ...]]]
"""Kind and shape of an array, a container or a text that is too large to send."""


def encode(value: Any, words: Words, limit: int = 1 << 32) -> bytes:
    """Return the bytes of a plain value; raise TooLarge or WireError as `Encoder.parts` does."""
    return b"".join(Encoder(words, limit).parts(value))


def decode(data: bytes | bytearray | memoryview, words: Words, limit: int = 1 << 32) -> Any:
    """Return the value of these bytes, with fresh, writable arrays; raise WireError if they are malformed.

    limit: as in `encode`; the decoded value takes at most twice as much memory.
    """
    return Decoder(data, words, limit).decode()


_NUMBER = {order + name: index for index, name in enumerate(DTYPES) for order in "<>|"}
# References taken before student code can replace these functions in numpy.
_ARRAYS, _asarray, _contiguous, _frombuffer = (np.ndarray, np.generic), np.asarray, np.ascontiguousarray, np.frombuffer


class TooLarge(WireError):
    """Raised if the encoded value has more bytes than allowed."""


class Encoder:
    """Encoder of one message.

    limit: for the bytes and ITEM for each value. foreign: converts a value with no encoding to one that has one, or
    raises. outline: with it, a part that is too large is replaced by its outline.
    """

    def __init__(
        self, words: Words, limit: int, foreign: Callable[[Any], Any] = refuse, outline: Outline | None = None
    ) -> None:
        self._words, self._limit, self._foreign, self._outline = words, limit, foreign, outline
        self._parts: list[bytes | memoryview] = []
        self._size = 0
        self._items = 0

    def parts(self, value: Any) -> list[bytes | memoryview]:
        """Return the bytes of `value` in pieces, of which those of contiguous arrays are no copies.

        Raise TooLarge beyond the limit and for too many items, WireError if it is nested too deep or has no encoding.
        """
        self._value(value, 0)
        return self._parts

    def _add(self, part: bytes) -> None:
        self._reserve(len(part))
        self._parts.append(part)

    def _reserve(self, size: int) -> None:
        self._size += size
        if self._size > self._limit:
            raise TooLarge(f"{self._size} bytes or more, at most {self._limit} are allowed")

    def _value(self, value: Any, depth: int) -> None:
        """Add the encoding of a value; with `outline`, a part that is too large is replaced by its outline."""
        if depth == 0 or self._outline is None:
            return self._plain(value, depth)
        parts, size, items = len(self._parts), self._size, self._items
        try:
            self._plain(value, depth)
        except TooLarge:
            del self._parts[parts:]
            self._size, self._items = size, items + 1
            kind, shape = self._outline(value)
            self._reserve(ITEM)
            self._text(LARGE, kind)
            self._add(bytes([len(shape)]) + DIMS[len(shape)].pack(*shape))

    def _plain(self, value: Any, depth: int) -> None:
        self._items += 1
        if depth > MAX_DEPTH:
            raise WireError(f"nested deeper than {MAX_DEPTH}")
        if self._items > MAX_ITEMS:
            raise TooLarge(f"more than {MAX_ITEMS} items")
        self._reserve(ITEM)
        if isinstance(value, _ARRAYS):
            self._array(_asarray(value))
        elif isinstance(value, list | tuple):
            items = list(value)
            self._add(TAGGED.pack(LIST if isinstance(value, list) else TUPLE, len(items)))
            for item in items:
                self._value(item, depth + 1)
        elif isinstance(value, dict):
            pairs = list(value.items())
            if any(type(key) is not str for key, _ in pairs):
                return self._scalar(self._foreign(value))
            self._add(TAGGED.pack(DICT, len(pairs)))
            for key, item in pairs:
                self._text(STR, key)
                self._value(item, depth + 1)
        else:
            self._scalar(value)

    def _scalar(self, value: Any) -> None:
        kind, words = type(value), self._words
        if value is None:
            self._add(bytes([NONE]))
        elif kind is bool:
            self._add(bytes([TRUE if value else FALSE]))
        elif kind is int and -(1 << 63) <= value < 1 << 63:
            self._add(bytes([INT]) + INT_FORM.pack(value))
        elif kind is float:
            self._add(bytes([FLOAT]) + FLOAT_FORM.pack(value))
        elif kind is str:
            self._text(STR, value)
        elif kind is words.rng:
            self._add(bytes([RNG]) + SIZE.pack(value.seed))
        elif kind is words.code:
            self._text(CODE, value.name)
            self._text(STR, value.source)
        elif kind is words.unsupported:
            self._text(UNSUPPORTED, value.kind)
        else:
            self._scalar(self._foreign(value))

    def _text(self, tag: int, text: str) -> None:
        if len(text) > self._limit:
            raise TooLarge(f"a text of {len(text)} characters")
        data = text.encode("utf-8", "replace")
        self._add(TAGGED.pack(tag, len(data)) + data)

    def _array(self, array: Any) -> None:
        number = _NUMBER.get(array.dtype.str)
        if number is None or array.ndim > MAX_DIMS:
            return self._scalar(self._foreign(array))
        if self._outline is not None and _nominal(array.shape, array.itemsize) > self._limit:
            raise TooLarge(f"an array of shape {array.shape}")
        fortran, shape = array.flags.fnc, array.shape
        self._add(bytes([ARRAY, number, len(shape), fortran]) + DIMS[len(shape)].pack(*shape))
        self._reserve(array.nbytes)
        # No copy where the array is in C order.
        flat: Any = _contiguous(array.T if fortran else array, DTYPE[number]).reshape(-1).view(np.uint8)
        self._parts.append(memoryview(flat))


def _nominal(shape: tuple[int, ...], itemsize: int) -> int:
    """Return the bytes of an array whose empty axes had one entry: a sum along such an axis has as many."""
    return math.prod(max(dim, 1) for dim in shape) * itemsize


_BOOL = DTYPES.index("b1")
# NumPy's own dtype objects: its fast paths, such as that of np.add.at, compare with `is` and not `==`.
_NATIVE = tuple(map(np.dtype, DTYPES))


class Decoder:
    """Decoder of one message: returns a value or raises WireError for any bytes."""

    def __init__(self, data: bytes | bytearray | memoryview, words: Words, limit: int) -> None:
        self._data, self._words = memoryview(data), words
        self._limit, self._most = limit, min(MAX_ITEMS, (limit - len(data)) // ITEM)
        self._at, self._end = 0, len(self._data)
        self._items = 0

    def decode(self) -> Any:
        """Return the value that the bytes of the message encode; WireError if they are malformed."""
        value = self._value(0)
        if self._at != self._end:
            raise WireError(f"{self._end - self._at} bytes follow the value")
        return value

    def _take(self, count: int) -> memoryview:
        if count > self._end - self._at:
            raise WireError(f"{count} bytes announced, {self._end - self._at} left")
        self._at += count
        return self._data[self._at - count : self._at]

    def _unpack(self, form: struct.Struct) -> tuple[Any, ...]:
        at = self._at
        self._at += form.size
        if self._at > self._end:
            raise WireError(f"{form.size} bytes announced, {self._end - at} left")
        return form.unpack_from(self._data, at)

    def _byte(self) -> int:
        if self._at >= self._end:
            raise WireError("1 byte announced, 0 left")
        self._at += 1
        return self._data[self._at - 1]

    def _value(self, depth: int) -> Any:
        self._items += 1
        if depth > MAX_DEPTH or self._items > self._most:
            raise WireError(f"nested deeper than {MAX_DEPTH} or more than {self._most} items")
        tag = self._byte()
        if tag in (LIST, TUPLE, DICT):
            return self._container(tag, depth)
        reader = _READERS.get(tag)
        if reader is None:
            raise WireError(f"unknown tag {tag}")
        return reader(self)

    def _container(self, tag: int, depth: int) -> Any:
        count = self._unpack(COUNT)[0]
        if count > self._most:
            raise WireError(f"{count} items announced, at most {self._most} are allowed")
        if tag != DICT:
            items = [self._value(depth + 1) for _ in range(count)]
            return items if tag == LIST else tuple(items)
        result: dict[str, Any] = {}
        for _ in range(count):
            key = self._tagged_text()
            if key in result:
                raise WireError("a key occurs twice")
            result[key] = self._value(depth + 1)
        return result

    def _tagged_text(self) -> str:
        if self._byte() != STR:
            raise WireError("a string belongs here")
        return self._text()

    def _text(self) -> str:
        try:
            return str(self._take(self._unpack(COUNT)[0]), "utf-8")
        except UnicodeDecodeError:
            raise WireError("a string is not UTF-8") from None

    def _array(self) -> Any:
        number, ndim, fortran = self._unpack(SHAPE)
        if number >= len(DTYPE) or fortran > 1:
            raise WireError("unknown dtype or memory order")
        if ndim > MAX_DIMS:
            raise WireError(f"{ndim} dimensions, at most {MAX_DIMS} are allowed")
        shape, dtype = self._unpack(DIMS[ndim]), DTYPE[number]
        if shape and max(shape) >= MAX_DIM:
            raise WireError("a dimension of 2^31 or more")
        count = math.prod(shape)
        if (count * dtype.itemsize or _nominal(shape, dtype.itemsize)) > min(self._limit, MAX_NOMINAL):
            raise WireError(f"an array of shape {shape} is too large")
        payload = self._take(count * dtype.itemsize)
        if number == _BOOL and (_frombuffer(payload, np.uint8) > 1).any():
            raise WireError("a bool that is neither 0 nor 1")
        order: Literal["F", "C"] = "F" if fortran else "C"
        return _frombuffer(payload, dtype).reshape(shape, order=order).astype(_NATIVE[number], order=order)

    def _large(self) -> Any:
        kind, ndim = self._text(), self._byte()
        if self._words.large is None or ndim > MAX_DIMS:
            raise WireError("no outline belongs here")
        return self._words.large(kind, self._unpack(DIMS[ndim]))


_READERS: dict[int, Callable[[Decoder], Any]] = {
    NONE: lambda decoder: None,
    FALSE: lambda decoder: False,
    TRUE: lambda decoder: True,
    INT: lambda decoder: decoder._unpack(INT_FORM)[0],
    FLOAT: lambda decoder: decoder._unpack(FLOAT_FORM)[0],
    STR: Decoder._text,
    ARRAY: Decoder._array,
    RNG: lambda decoder: decoder._words.rng(decoder._unpack(SIZE)[0]),
    CODE: lambda decoder: decoder._words.code(decoder._text(), decoder._tagged_text()),
    UNSUPPORTED: lambda decoder: decoder._words.unsupported(decoder._text()),
    LARGE: Decoder._large,
}
