"""Decode bytes to plain values; every bound is checked before memory is allocated."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any, Literal

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
    MAX_DIM,
    MAX_DIMS,
    MAX_ITEMS,
    MAX_NOMINAL,
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

_BOOL = DTYPES.index("b1")
_frombuffer = np.frombuffer
# NumPy's own dtype objects: its fast paths, such as that of np.add.at, compare with `is` and not `==`.
_NATIVE = tuple(map(np.dtype, DTYPES))


class Decoder:
    """Decoder of one message: returns a value or raises WireError for any bytes."""

    def __init__(self, data: bytes | bytearray, words: Words) -> None:
        self._data, self._words = memoryview(data), words
        self._at = 0
        self._items = 0

    def decode(self) -> Any:
        """Return the value of all bytes."""
        value = self._value(0)
        if self._at != len(self._data):
            raise WireError(f"{len(self._data) - self._at} bytes follow the value")
        return value

    def _take(self, count: int) -> memoryview:
        if count > len(self._data) - self._at:
            raise WireError(f"{count} bytes announced, {len(self._data) - self._at} left")
        self._at += count
        return self._data[self._at - count : self._at]

    def _number(self, form: struct.Struct) -> Any:
        return self._unpack(form)[0]

    def _unpack(self, form: struct.Struct) -> tuple[Any, ...]:
        at = self._at
        self._at += form.size
        if self._at > len(self._data):
            raise WireError(f"{form.size} bytes announced, {len(self._data) - at} left")
        return form.unpack_from(self._data, at)

    def _byte(self) -> int:
        if self._at >= len(self._data):
            raise WireError("1 byte announced, 0 left")
        self._at += 1
        return self._data[self._at - 1]

    def _value(self, depth: int) -> Any:
        self._items += 1
        if depth > MAX_DEPTH or self._items > MAX_ITEMS:
            raise WireError(f"nested deeper than {MAX_DEPTH} or more than {MAX_ITEMS} items")
        tag = self._byte()
        if tag in (LIST, TUPLE, DICT):
            return self._container(tag, depth)
        reader = _READERS.get(tag)
        if reader is None:
            raise WireError(f"unknown tag {tag}")
        return reader(self)

    def _container(self, tag: int, depth: int) -> Any:
        count = self._number(COUNT)
        if count > MAX_ITEMS:
            raise WireError(f"{count} items announced, at most {MAX_ITEMS} are allowed")
        if tag == DICT:
            return self._dict(count, depth)
        items = [self._value(depth + 1) for _ in range(count)]
        return items if tag == LIST else tuple(items)

    def _dict(self, count: int, depth: int) -> dict[str, Any]:
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
            return str(self._take(self._number(COUNT)), "utf-8")
        except UnicodeDecodeError:
            raise WireError("a string is not UTF-8") from None

    def _shape(self, ndim: int) -> tuple[int, ...]:
        if ndim > MAX_DIMS:
            raise WireError(f"{ndim} dimensions, at most {MAX_DIMS} are allowed")
        shape = struct.unpack(f"<{ndim}Q", self._take(8 * ndim))
        if any(dim >= MAX_DIM for dim in shape):
            raise WireError("a dimension of 2^31 or more")
        return shape

    def _array(self) -> Any:
        number, ndim, fortran = self._unpack(SHAPE)
        if number >= len(DTYPE) or fortran > 1:
            raise WireError("unknown dtype or memory order")
        shape, dtype = self._shape(ndim), DTYPE[number]
        if math.prod(max(dim, 1) for dim in shape) * dtype.itemsize > MAX_NOMINAL:
            raise WireError(f"an array of shape {shape} is too large")
        payload = self._take(math.prod(shape) * dtype.itemsize)
        if number == _BOOL and (_frombuffer(payload, np.uint8) > 1).any():
            raise WireError("a bool that is neither 0 nor 1")
        order: Literal["F", "C"] = "F" if fortran else "C"
        return _frombuffer(payload, dtype).reshape(shape, order=order).astype(_NATIVE[number], order=order)

    def _rng(self) -> Any:
        return self._words.rng(self._number(SIZE))

    def _code(self) -> Any:
        return self._words.code(self._text(), self._tagged_text())

    def _unsupported(self) -> Any:
        return self._words.unsupported(self._text())


_READERS: dict[int, Callable[[Decoder], Any]] = {
    NONE: lambda decoder: None,
    FALSE: lambda decoder: False,
    TRUE: lambda decoder: True,
    INT: lambda decoder: decoder._number(INT_FORM),
    FLOAT: lambda decoder: decoder._number(FLOAT_FORM),
    STR: Decoder._text,
    ARRAY: Decoder._array,
    RNG: Decoder._rng,
    CODE: Decoder._code,
    UNSUPPORTED: Decoder._unsupported,
}
