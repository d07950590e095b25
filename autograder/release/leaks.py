"""Search for secret code in a release: in each file, archive member and array.

Secret are the reference, the specifications, the code of known mistakes and alternatives, and the solutions. Public are
statements, hints and formulas with a hole.
"""

from __future__ import annotations

import ast
import base64
import io
import json
import re
import tomllib
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from autograder.authoring.build.stub import make_stub, plant
from autograder.authoring.fingerprints import of_code, of_text
from autograder.course.catalog import text_of
from autograder.report.engine import home

# Suffixes of the files in a release. A file of any other kind is reported as a leak.
KINDS = frozenset(
    ".py .ipynb .md .npz .json .toml .txt .yml .whl .npy .j2 .css .js .svg .html .typed .sh .c .sql .gitignore".split()
)
NAMES = frozenset({"METADATA", "WHEEL", "RECORD", "LICENSE", "run_autograder"})
# Shorter texts are not searched.
SHORT = 16
_QUOTED = re.compile(r"`([^`\n]+)`")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{64,}={0,2}")


Leak = tuple[str, str]
"""Path in the release (an archive's member follows `!`), and the rest of the sentence that begins with it."""


def secrets(root: Path) -> dict[int, str]:
    """Return fingerprint → place of all secret code of a course, without the fingerprints of what students read."""
    folders = sorted(path.parent for path in root.glob("solutions/*/*/solution.py"))
    # Code of a stub is public in exercises. In the reference it stays secret: the stub must not give that away.
    begin = [make_stub(plant(text_of(folder / "solution.py"), text_of(folder / "planted.py"))) for folder in folders]
    stubs = {fingerprint for text in begin for fingerprint in of_code(text)}
    exercises = _of_files(root, (path for folder in folders for path in folder.glob("*.py")))
    secret = {fingerprint: place for fingerprint, place in exercises.items() if fingerprint not in stubs}
    secret |= _of_files(root, (root / "reference").rglob("*.py"))
    read = set[int]()
    for text in (text for folder in folders for text in _read_by_students(folder)):
        # Its lines and what is quoted may be code.
        read.update(of_text(text, [piece.strip().removeprefix(">>> ")
                                   for piece in (*text.splitlines(), *_QUOTED.findall(text))]))  # fmt: skip
    return {fingerprint: place for fingerprint, place in secret.items() if fingerprint not in read}


def _of_files(root: Path, paths: Iterable[Path]) -> dict[int, str]:
    """Return fingerprint → its first place in Python files."""
    last_first = [(path, path.relative_to(root).as_posix()) for path in sorted(paths, reverse=True)]
    found = [of_code(path.read_text(encoding="utf-8"), name) for path, name in last_first]
    return {fingerprint: place for each in found for fingerprint, place in each.items()}


def _read_by_students(folder: Path) -> Iterator[str]:
    """Yield the texts of an exercise that students read: statement, hints, and formulas with a hole."""
    for name in ("solution.py", "mistakes.py"):
        for node in ast.walk(ast.parse(text_of(folder / name))):
            if isinstance(node, ast.FunctionDef | ast.Module):
                yield ast.get_docstring(node) or ""
    for formulas in tomllib.loads(text_of(folder / "hints.toml")).values():
        yield from formulas.values()


@cache
def engine_fingerprints() -> dict[int, str]:
    """Return the fingerprints of the engine, which is public: code that it shares with a course is not secret."""
    return _of_files(home(), home().rglob("*.py"))


@cache
def _engine_texts() -> frozenset[str]:
    return frozenset(path.read_text(encoding="utf-8") for path in home().rglob("*.py"))


def search(files: Mapping[str, bytes], secret: Mapping[int, str], shared: bool = False) -> list[Leak]:
    """Return all leaks. files: path in the release → content. shared: what is in the engine too is no leak."""
    return [leak for path, data in files.items() for leak in _search(path, data, secret, shared)]


def _search(path: str, data: bytes, secret: Mapping[int, str], shared: bool) -> Iterator[Leak]:
    name = PurePosixPath(path.rpartition("!")[2])
    if name.suffix not in KINDS and name.name not in NAMES and name.name not in KINDS:
        yield path, "is of a kind that no release has"
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from _search(f"{path}!{member}", archive.read(member), secret, shared)
        return
    written = {text for text in texts(data) if len(text) >= SHORT}
    found = {_first_place(text, secret, shared) for text in written} - {""}
    yield from ((path, f"holds code of {place}") for place in sorted(found))


def _first_place(text: str, secret: Mapping[int, str], shared: bool) -> str:
    """Return the place of the first secret code in a text, "" without any. Reading all files of the engine takes time:
    it is done only for code that is not in a file of the engine with this text."""
    hits = [key for key in of_text(text) if key in secret]
    own = of_code(text) if hits and shared and text in _engine_texts() else {}
    hits = [key for key in hits if key not in own]
    return next((secret[key] for key in hits if not shared or key not in engine_fingerprints()), "")


def texts(data: bytes) -> Iterator[str]:
    """Yield all texts in these bytes: plain, in JSON, in an array, in base64 or compressed."""
    if data.startswith(b"\x93NUMPY"):
        yield from _in_array(data)
        return
    text = data.decode("utf-8", "replace")
    try:
        yield from _strings([json.loads(text)])
    except (ValueError, RecursionError):
        yield text
    for packed in _BASE64.findall(text):
        with suppress(ValueError):
            unpacked = base64.b64decode(packed + "=" * (-len(packed) % 4))
            yield unpacked.decode("utf-8", "replace")
            for wbits in (zlib.MAX_WBITS, 16 + zlib.MAX_WBITS, -zlib.MAX_WBITS):
                with suppress(zlib.error):
                    yield zlib.decompress(unpacked, wbits).decode("utf-8", "replace")


def _in_array(data: bytes) -> Iterator[str]:
    """Yield the texts of an array: of texts, of bytes, or of numbers that are all codes of characters."""
    array = np.load(io.BytesIO(data), allow_pickle=False)
    if array.dtype.kind in "SU":
        yield from (text if isinstance(text, str) else text.decode("utf-8", "replace") for text in array.ravel())
    elif array.dtype == np.uint8:
        yield from texts(array.tobytes())
    else:
        with np.errstate(invalid="ignore"):
            if np.all((array >= 9) & (array < 0xD800) & (array == np.floor(array))):
                yield "".join(map(chr, array.astype(int).ravel().tolist()))


def _strings(parts: Sequence[Any] | Mapping[str, Any]) -> Iterator[str]:
    """Yield each text in a JSON value, and each list of texts joined: notebooks store a cell as a list of lines."""
    if isinstance(parts, list) and all(isinstance(part, str) for part in parts):
        yield "".join(parts)
    for part in (*parts, *parts.values()) if isinstance(parts, Mapping) else parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, list | dict):
            yield from _strings(part)
