"""The file of a record: a zip of .npy members without pickle; each part has two, JSON and the values that it refers to.

A value is plain data as a student's process could send it (autograder/sandbox/inside/wire.py). Equal values are stored
once, and stand in the JSON as the number under which they are stored.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.random import Generator

from autograder.errors import CourseError
from autograder.sandbox.inside import wire
from autograder.values import Code, Rng, Unsupported

SCHEMA = "handgrad/record/8"
Part = tuple[dict[str, Any], bytes]
"""JSON, and the bytes of the values that it refers to (`Values.data`)."""
Form = Any
"""JSON that stands for a value: what `Values.put` returns, or JSON that holds such numbers."""

# Exceptions of zipfile, zlib and NumPy for a damaged file.
_UNREADABLE = (
    OSError, ValueError, KeyError, TypeError, EOFError, NotImplementedError, RuntimeError, MemoryError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_WORDS = wire.Words(Rng, Code, Unsupported)
_ALONE, _LARGE, _FEW = 16, 256, 64


def pack(**parts: Part) -> bytes:
    """Return the bytes of a record file, equal for equal parts: each under its name, `facts` first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part, (facts, data) in parts.items():
            text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            for name, content in ((part, text.encode()), (f"{part}_values", data)):
                member = io.BytesIO()
                np.lib.format.write_array(member, np.frombuffer(content, np.uint8), allow_pickle=False)
                archive.writestr(zipfile.ZipInfo(f"{name}.npy"), member.getvalue(), zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()


def unpack(path: Path, part: str = "facts") -> Part:
    """Read one part of a record file; CourseError if it is no record, or one of another schema."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            facts, data = json.loads(file[part].tobytes()), file.get(f"{part}_values")
        found = facts["schema"]
    except _UNREADABLE as error:
        raise CourseError(f"{path} is no record: {error}. Get it again from your course's repository.") from error
    if found != SCHEMA:
        words = f"{path} is written as {found}, this engine reads {SCHEMA}"
        raise CourseError(f"{words}. Install the engine that the release names: pip install -r requirements.txt")
    return facts, b"" if data is None else data.tobytes()


class Values:
    """Writer of the values of one part of a record, each once; an array of _ALONE entries or more is its own value."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._arrays: dict[bytes, int] = {}

    @property
    def sizes(self) -> list[list[int]]:
        """Return kind and number of bytes of each value, for the JSON; the kind is a value's first two bytes."""
        return [[int.from_bytes(code[:2], "big"), len(code)] for code in self._numbers]

    @property
    def data(self) -> bytes:
        """Return the bytes of all values, kind by kind, because like bytes side by side are compressed better."""
        codes: list[bytes] = sorted(self._numbers, key=lambda code: code[:2])
        return b"".join(codes)

    def put(self, value: Any) -> int:
        """Store a value and return its number; of what is not plain data only the type's name is stored."""
        return self._number(b"".join(_Encoder(self).parts(value)))

    def put_array(self, array: np.ndarray) -> int:
        """Store an array alone; one with few distinct values as these values and the index of each entry."""
        if (known := encoded(array, _foreign)) in self._arrays:
            return self._arrays[known]
        order: Literal["C", "F"] = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        flat = array.ravel(order)
        code = known
        if array.itemsize > 1 and array.size >= _LARGE and np.unique(flat[:_LARGE]).size <= _FEW:
            values, numbers = np.unique(flat.view(f"u{array.itemsize}"), return_inverse=True)  # bits: -0 and NaN stay
            if values.size <= _FEW:
                indices = numbers.astype(np.uint8).reshape(array.shape, order=order)
                code = encoded([values.view(array.dtype), indices], _foreign)
        self._arrays[known] = self._number(code)
        return self._arrays[known]

    def _number(self, code: bytes) -> int:
        return self._numbers.setdefault(code, len(self._numbers))


class _Encoder(wire.Encoder):
    """Encoder that stores arrays as values of their own; in their place it writes a LARGE value with their number."""

    def __init__(self, values: Values) -> None:
        super().__init__(_WORDS, 1 << 32, _foreign)
        self._values = values

    def _array(self, array: Any) -> None:
        if array.size < _ALONE or array.dtype.str[1:] not in wire.DTYPES:
            return super()._array(array)
        self._text(wire.LARGE, str(self._values.put_array(array)))
        self._add(b"\0")


class ValueReader:
    """Reader of the values of one part."""

    def __init__(self, sizes: Sequence[Sequence[int]], data: bytes) -> None:
        order = sorted(range(len(sizes)), key=lambda number: sizes[number][0])
        ends = pairwise(accumulate((sizes[number][1] for number in order), initial=0))
        self._places, self._data = dict(zip(order, ends, strict=True)), data
        self._words = wire.Words(Rng, Code, Unsupported, lambda number, shape: self._array(int(number)))

    def get(self, number: Form) -> Any:
        """Return the value of a number, None for None; ValueError, TypeError or KeyError if there is none."""
        return None if number is None else self._decoded(number, self._words)

    def _decoded(self, number: int, words: wire.Words) -> Any:
        start, end = self._places[number]
        return wire.decode(memoryview(self._data)[start:end], words)

    def _array(self, number: int) -> Any:
        stored = self._decoded(number, _WORDS)
        if not isinstance(stored, list):
            return stored
        values, numbers = stored
        return np.array(values[numbers], order="C" if numbers.flags.c_contiguous else "F")


def encoded(value: Any, foreign: Callable[[Any], Any]) -> bytes:
    """Return the bytes of a value: its types, shapes, dtypes, memory orders and bits. foreign: as of `wire.Encoder`."""
    return b"".join(wire.Encoder(_WORDS, 1 << 32, foreign).parts(value))


def digest(value: Any) -> str:
    """Return a SHA-256 digest of a value; Generators and functions are hashed as the Rng and Code they are made of."""
    found = hashlib.sha256()
    for part in wire.Encoder(_WORDS, 1 << 32, _origin).parts(value):
        found.update(part)
    return found.hexdigest()


def _origin(value: Any) -> Any:
    if isinstance(value, Generator):
        return Rng(value.bit_generator.seed_seq.entropy)  # type: ignore[attr-defined]
    return getattr(value, "code", None) or _foreign(value)


def _foreign(value: Any) -> Unsupported:
    return Unsupported(f"array of {value.dtype.name}" if isinstance(value, np.ndarray) else type(value).__name__)
