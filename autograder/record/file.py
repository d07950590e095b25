"""A record's file: a zip of .npy members without pickle, of which each part has two: JSON, and the values of that JSON.

A value is plain data as a student's process could send it (autograder/sandbox/inside/wire.py). Equal values are stored
once, and stand in the JSON as the number under which they are stored.
"""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator

from autograder.errors import CourseError
from autograder.sandbox.inside import wire
from autograder.values import Code, Rng, Unsupported

SCHEMA = "handgrad/record/5"
Part = tuple[dict[str, Any], bytes]
"""JSON, and its values (`Values.data`)."""
Form = Any
"""JSON that stands for a value: what `Values.put` returns, or JSON that holds such numbers."""

# A fixed time in the zip, so that equal content gives equal bytes.
_BEGINNING = (1980, 1, 1, 0, 0, 0)
# Exceptions of zipfile, zlib and NumPy for a damaged file.
_UNREADABLE = (
    OSError, ValueError, KeyError, TypeError, EOFError, NotImplementedError, RuntimeError, MemoryError,
    zipfile.BadZipFile, zlib.error, lzma.LZMAError,
)  # fmt: skip
_WORDS = wire.Words(Rng, Code, Unsupported, Unsupported)


def pack(**parts: Part) -> bytes:
    """Return the bytes of a record file: each part under its name, `facts` first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part, (facts, data) in parts.items():
            text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            for name, content in ((part, text.encode()), (f"{part}_values", data)):
                member = io.BytesIO()
                np.lib.format.write_array(member, np.frombuffer(content, np.uint8), allow_pickle=False)
                # LZMA finds an array again that stands far before, in another value
                archive.writestr(zipfile.ZipInfo(f"{name}.npy", _BEGINNING), member.getvalue(), zipfile.ZIP_LZMA)
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
    """Values of one part of a record, each stored once."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}

    @property
    def sizes(self) -> list[int]:
        """Return the bytes of each value, which the JSON holds."""
        return list(map(len, self._numbers))

    @property
    def data(self) -> bytes:
        """Return the bytes of all values."""
        return b"".join(self._numbers)

    def put(self, value: Any) -> int:
        """Store a value and return its number; of what is not plain data only the type's name is stored."""
        return self._numbers.setdefault(encoded(value, _foreign), len(self._numbers))


class ValueReader:
    """Reader of the values of one part."""

    def __init__(self, sizes: Sequence[int], data: bytes) -> None:
        self._places, self._data = list(pairwise(accumulate(sizes, initial=0))), data

    def get(self, number: Form) -> Any:
        """Return the value of a number, None for None; ValueError, TypeError or IndexError if there is none."""
        if number is None:
            return None
        start, end = self._places[number]
        return wire.decode(memoryview(self._data)[start:end], _WORDS)


def encoded(value: Any, foreign: Callable[[Any], Any]) -> bytes:
    """Return the bytes of a value: its types, shapes, dtypes, memory orders and bits. foreign: as of `wire.Encoder`."""
    return b"".join(wire.Encoder(_WORDS, 1 << 32, foreign).parts(value))


def digest(value: Any) -> str:
    """Return a SHA-256 digest of a value; Generators and functions count as what `materialise` made them of."""
    return hashlib.sha256(encoded(value, _origin)).hexdigest()


def _origin(value: Any) -> Any:
    if isinstance(value, Generator):
        return Rng(value.bit_generator.seed_seq.entropy)  # type: ignore[attr-defined]
    return getattr(value, "code", None) or _foreign(value)


def _foreign(value: Any) -> Unsupported:
    return Unsupported(f"array of {value.dtype.name}" if isinstance(value, np.ndarray) else type(value).__name__)
