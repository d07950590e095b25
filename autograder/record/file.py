"""A record's file: a zip of .npy members without pickle, one of which holds JSON; and values as that JSON.

The distinct arrays are stored once, in one flat pool for each dtype. A float, a string, a bool, an int and None stand
for themselves and a JSON list for a list. Any other value is an object of one key: {"a": number of the array},
{"t": tuple}, {"d": dict}, {"x": nan or inf}, {"g": seed of an Rng}, {"c": [name, source] of a Code}, {"u": type of what
is no plain data}.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograder.errors import CourseError
from autograder.values import Code, Rng, Unsupported

SCHEMA = "handgrad/record/4"
Part = tuple[dict[str, Any], dict[str, np.ndarray]]
"""JSON, and its arrays in one pool for each dtype, by the dtype's name such as "<f8"."""

# A fixed time in the zip, so that equal content gives equal bytes.
_BEGINNING = (1980, 1, 1, 0, 0, 0)


# Exceptions of zipfile, zlib and NumPy for a damaged file.
_UNREADABLE = (
    OSError, ValueError, KeyError, TypeError, EOFError, NotImplementedError, RuntimeError, MemoryError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def pack(**parts: Part) -> bytes:
    """Return the bytes of a record file: each part under its name, `facts` first."""
    members = {name: array for part, content in parts.items() for name, array in _members(part, *content)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in members.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", _BEGINNING)
            archive.writestr(entry, member.getvalue(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _members(part: str, facts: Mapping[str, Any], pools: Mapping[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    yield part, np.frombuffer(text.encode(), np.uint8)
    yield from ((f"{part}_{name[1:]}", pools[name]) for name in sorted(pools))


def unpack(path: Path, part: str = "facts") -> Part:
    """Read one part of a record file; CourseError if it is no record, or one of another schema."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            members = {name: file[name] for name in file.files if name.partition("_")[0] == part}
        facts = json.loads(members.pop(part).tobytes())
        found = facts["schema"]
    except _UNREADABLE as error:
        raise CourseError(f"{path} is no record: {error}. Get it again from your course's repository.") from error
    if found != SCHEMA:
        words = f"{path} is written as {found}, this engine reads {SCHEMA}"
        raise CourseError(f"{words}. Install the engine that the release names: pip install -r requirements.txt")
    return facts, {array.dtype.newbyteorder("<").str: array for array in members.values()}


# An array of at least _LARGE entries with at most _FEW distinct values is stored as indices into those values.
_LARGE, _FEW = 256, 64

Form = Any
"""The JSON form of a value."""


class ArrayPool:
    """Store values, and give each its JSON form.

    arrays: for each distinct array the dtype of its pool, its offset there, its shape and its memory order; of an array
    with few distinct values the pool holds indices, and dtype, offset and count of the values follow.
    """

    def __init__(self) -> None:
        self.arrays: list[list[Any]] = []
        self._pools: dict[str, list[np.ndarray]] = {}
        self._size: dict[str, int] = {}
        self._known: dict[tuple[str, tuple[int, ...], str, bytes], int] = {}

    @property
    def pools(self) -> dict[str, np.ndarray]:
        """Return for each dtype all its arrays, concatenated."""
        return {name: np.concatenate(parts) for name, parts in self._pools.items()}

    def put(self, value: Any) -> Form:
        """Store a value and return its form; of a value that is not plain data only the type's name is stored."""
        if value is None or isinstance(value, bool | str):
            return value
        if isinstance(value, np.ndarray | np.generic):
            return self._array(np.asarray(value))
        if isinstance(value, int | float):
            return value if math.isfinite(value) else {"x": repr(value)}
        if isinstance(value, list):
            return [self.put(item) for item in value]
        if isinstance(value, tuple):
            return {"t": [self.put(item) for item in value]}
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return {"d": {key: self.put(item) for key, item in value.items()}}
        return _word(value)

    def _array(self, array: np.ndarray) -> Form:
        if array.dtype.kind not in "fiub":
            return {"u": f"array of {array.dtype.name}"}
        order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        name = array.dtype.newbyteorder("<").str
        flat = np.ascontiguousarray(array.T if order == "F" else array, name).reshape(-1)
        key = name, array.shape, order, flat.tobytes()
        if key not in self._known:
            palette, numbers = _palette(flat)
            entry = [numbers.dtype.str, self._add(numbers), list(array.shape), order]
            self._known[key] = len(self.arrays)
            self.arrays.append(entry if palette is None else [*entry, name, self._add(palette), palette.size])
        return {"a": self._known[key]}

    def _add(self, flat: np.ndarray) -> int:
        """Append to the pool of its dtype and return its offset there."""
        name = flat.dtype.newbyteorder("<").str
        start = self._size.get(name, 0)
        self._pools.setdefault(name, []).append(flat)
        self._size[name] = start + flat.size
        return start


class PoolReader:
    """Read values from a pool. The arrays are read-only and share the pool's memory."""

    def __init__(self, arrays: Sequence[Sequence[Any]], pools: Mapping[str, np.ndarray]) -> None:
        self._arrays, self._pools = arrays, pools

    def get(self, form: Form) -> Any:
        """Return the value of a form; ValueError, KeyError or IndexError if the form is invalid."""
        if isinstance(form, list):
            return [self.get(item) for item in form]
        if not isinstance(form, dict):
            return form
        ((kind, content),) = form.items()
        match kind:
            case "a":
                return self._array(content)
            case "t":
                return tuple(self.get(item) for item in content)
            case "d":
                return {key: self.get(item) for key, item in content.items()}
            case "x":
                return float(content)
            case "g":
                return Rng(content)
            case "c":
                return Code(*content)
            case "u":
                return Unsupported(content)
        raise ValueError(f"{kind!r} is no kind of value")

    def _array(self, number: int) -> np.ndarray:
        name, start, shape, order, *palette = self._arrays[number]
        flat = self._pools[name][start : start + math.prod(shape)]
        if palette:
            name, start, count = palette
            flat = self._pools[name][start : start + count][flat]
        array = flat.reshape(shape[::-1]).T if order == "F" else flat.reshape(shape)
        array.flags.writeable = False
        return array


def _palette(flat: np.ndarray) -> tuple[np.ndarray | None, np.ndarray]:
    """Return the distinct values and each entry's index into them if they are few; else None and the array itself."""
    if flat.size < _LARGE or flat.dtype.itemsize == 1 or np.unique(flat[:_LARGE]).size > _FEW:
        return None, flat
    bits = flat.view(f"<u{flat.dtype.itemsize}")  # so that -0 and NaN are preserved
    values, numbers = np.unique(bits, return_inverse=True)
    if values.size > _FEW:
        return None, flat
    return values.view(flat.dtype), numbers.astype(np.uint8)


def _word(value: Any) -> Form:
    match value:
        case Rng(seed=seed):
            return {"g": seed}
        case Code(name=name, source=source):
            return {"c": [name, source]}
        case Unsupported(kind=kind):
            return {"u": kind}
    return {"u": type(value).__name__}
