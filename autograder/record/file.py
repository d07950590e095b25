"""Writing and reading a record's file: a zip of .npy members without pickle, one of which holds JSON."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograder.errors import CourseError

SCHEMA = "handgrad/record/3"
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
