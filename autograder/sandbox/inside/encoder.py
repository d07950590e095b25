"""Encode plain values to bytes."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from .frame import WireError
from .tags import (
    ARRAY,
    CODE,
    COUNT,
    DICT,
    DTYPE,
    DTYPES,
    FALSE,
    FLOAT,
    FLOAT_FORM,
    INT,
    INT_FORM,
    LIST,
    MAX_DEPTH,
    MAX_DIMS,
    MAX_ITEMS,
    NONE,
    RNG,
    SHAPE,
    SIZE,
    STR,
    TRUE,
    TUPLE,
    UNSUPPORTED,
    Words,
)

_NUMBER = {order + name: index for index, name in enumerate(DTYPES) for order in "<>|"}
# Stored before student code can replace them in numpy.
_ndarray, _generic, _asarray = np.ndarray, np.generic, np.asarray


class TooLarge(Exception):
    """Raised if the encoded value has more bytes than allowed."""


def _items_of(value: Any) -> list[Any]:
    return list(value)


class Encoder:
    """Encoder of one message. foreign: converts a value with no encoding to one that has one, or raises."""

    def __init__(self, words: Words, limit: int, foreign: Callable[[Any], Any]) -> None:
        self._words, self._limit, self._foreign = words, limit, foreign
        self._parts: list[bytes | memoryview] = []
        self._size = 0
        self._items = 0

    def encode(self, value: Any) -> bytes:
        """Return the bytes of `value`; raise TooLarge beyond the limit, WireError if too deep or of too many items."""
        self._value(value, 0)
        return b"".join(self._parts)

    def _add(self, part: bytes) -> None:
        self._reserve(len(part))
        self._parts.append(part)

    def _reserve(self, size: int) -> None:
        self._size += size
        if self._size > self._limit:
            raise TooLarge(f"{self._size} bytes or more, at most {self._limit} are allowed")

    def _value(self, value: Any, depth: int) -> None:
        self._items += 1
        if depth > MAX_DEPTH or self._items > MAX_ITEMS:
            raise WireError(f"nested deeper than {MAX_DEPTH} or more than {MAX_ITEMS} items")
        if isinstance(value, _ndarray | _generic):
            self._array(_asarray(value))
        elif isinstance(value, list | tuple):
            self._sequence(LIST if isinstance(value, list) else TUPLE, _items_of(value), depth)
        elif isinstance(value, dict):
            self._dict(value, depth)
        else:
            self._scalar(value)

    def _scalar(self, value: Any) -> None:
        kind = type(value)
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
        else:
            self._word(value)

    def _word(self, value: Any) -> None:
        if type(value) is self._words.rng:
            self._add(bytes([RNG]) + SIZE.pack(value.seed))
        elif type(value) is self._words.code:
            self._text(CODE, value.name)
            self._text(STR, value.source)
        elif type(value) is self._words.unsupported:
            self._text(UNSUPPORTED, value.kind)
        else:
            self._scalar(self._foreign(value))

    def _text(self, tag: int, text: str) -> None:
        data = text.encode("utf-8", "replace")
        self._add(bytes([tag]) + COUNT.pack(len(data)) + data)

    def _sequence(self, tag: int, items: list[Any], depth: int) -> None:
        self._add(bytes([tag]) + COUNT.pack(len(items)))
        for item in items:
            self._value(item, depth + 1)

    def _dict(self, value: dict[Any, Any], depth: int) -> None:
        pairs = list(value.items())
        if any(type(key) is not str for key, _ in pairs):
            return self._scalar(self._foreign(value))
        self._add(bytes([DICT]) + COUNT.pack(len(pairs)))
        for key, item in pairs:
            self._text(STR, key)
            self._value(item, depth + 1)
        return None

    def _array(self, array: Any) -> None:
        number = _NUMBER.get(array.dtype.str)
        if number is None or array.ndim > MAX_DIMS:
            return self._scalar(self._foreign(array))
        fortran = array.flags.f_contiguous and not array.flags.c_contiguous
        self._add(bytes([ARRAY]) + SHAPE.pack(number, array.ndim, fortran))
        self._add(struct.pack(f"<{array.ndim}Q", *array.shape))
        self._reserve(array.nbytes)
        self._parts.append(_payload(array.T if fortran else array, DTYPE[number]))
        return None


def _payload(array: Any, dtype: Any) -> memoryview:
    """Return the array's bytes in C order, without a copy if they are in that order."""
    flat: Any = np.ascontiguousarray(array, dtype).reshape(-1).view(np.uint8)
    return memoryview(flat)
