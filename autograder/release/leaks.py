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
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from autograder.authoring.build.stub import make_stub, plant
from autograder.release.fingerprints import Fingerprints, known, parse, syntax_hashes, tokens_of, word_hashes
from autograder.report.engine import HOME

# Suffixes of the files in a release. A file of any other kind is reported as a leak.
KINDS = frozenset(
    ".py .ipynb .md .npz .json .toml .txt .yml .whl .npy .j2 .css .js .svg .html .typed .sh .c .sql .gitignore".split()
)
NAMES = frozenset({"METADATA", "WHEEL", "RECORD", "LICENSE", "run_autograder"})
# Shorter texts are not searched.
SHORT = 16
_BASE64 = re.compile(r"[A-Za-z0-9+/]{64,}={0,2}")
_QUOTED = re.compile(r"`([^`\n]+)`")
_FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Leak:
    """One leak. path: in the release, an archive's member after `!`. what: a sentence that names the secret."""

    path: str
    what: str


def secrets(root: Path) -> Fingerprints:
    """Return the fingerprints of all secret code of a course, without those of texts that students read."""
    book, exercises, read, stubs = Fingerprints(), Fingerprints(), Fingerprints(), Fingerprints()
    for path in sorted((root / "reference").rglob("*.py")):
        book.add_code(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
    for folder in sorted(path.parent for path in root.glob("solutions/*/*/solution.py")):
        for path in sorted(folder.glob("*.py")):
            exercises.add_code(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
        # Code of a stub is public in exercises. In the reference it stays secret: the stub must not give that away.
        stubs.add_code(make_stub(plant(*(_text(folder / name) for name in ("solution.py", "planted.py")))), "")
        for text in _read_by_students(folder):
            _add_text(read, text)
    book.add(exercises.without(stubs))
    return book.without(read)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _read_by_students(folder: Path) -> Iterator[str]:
    """Yield statements, hints, and formulas with a hole."""
    for name in ("solution.py", "mistakes.py"):
        path = folder / name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.exists() else ():
            if isinstance(node, ast.FunctionDef | ast.Module):
                yield ast.get_docstring(node) or ""
    if (hints := folder / "hints.toml").exists():
        for formulas in tomllib.loads(hints.read_text(encoding="utf-8")).values():
            yield from formulas.values()


def _add_text(read: Fingerprints, text: str) -> None:
    """Add the words of a text, and the pieces and lines of code in it."""
    read.add_prose(text)
    for piece in (text, *text.splitlines(), *_QUOTED.findall(text)):
        with suppress(SyntaxError):
            read.add_code(piece.strip().removeprefix(">>> "), "")


@cache
def engine_fingerprints() -> Fingerprints:
    """Return the fingerprints of the engine, which is public: code that it shares with a course is not secret."""
    found, home = Fingerprints(), HOME
    for path in sorted(home.rglob("*.py")):
        found.add_code(path.read_text(encoding="utf-8"), "")
    return found


def search(files: Mapping[str, bytes], secret: Fingerprints) -> list[Leak]:
    """Return all leaks, an empty list if there are none. files: path in the release → content."""
    return [Leak(path, what) for path, data in files.items() for path, what in _search(path, data, secret)]


def _search(path: str, data: bytes, secret: Fingerprints) -> Iterator[tuple[str, str]]:
    name = PurePosixPath(path.rpartition("!")[2])
    if name.suffix not in KINDS and name.name not in NAMES and name.name not in KINDS:
        yield path, "is of a kind that no release has"
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from _search(f"{path}!{member}", archive.read(member), secret)
        return
    found = {place for text in {*texts(data)} if len(text) >= SHORT for place in _places(text, secret)}
    yield from ((path, f"holds code of {place}") for place in sorted(found))


def _places(text: str, secret: Fingerprints) -> Iterator[str]:
    if place := known(word_hashes(tokens_of(text)), secret.words):
        yield place
    for piece in (text, *_FENCED.findall(text)):
        with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            if place := known(syntax_hashes(parse(piece)), secret.syntax):
                yield place


def texts(data: bytes) -> Iterator[str]:
    """Yield all texts in these bytes: plain, in JSON, in an array, in base64 or compressed."""
    if data.startswith(b"\x93NUMPY"):
        yield from _in_array(data)
        return
    text = data.decode("utf-8", "replace")
    try:
        yield from _strings(json.loads(text))
    except (ValueError, RecursionError):
        yield text
    for packed in _BASE64.findall(text):
        with suppress(ValueError):
            yield from _unpacked(base64.b64decode(packed + "=" * (-len(packed) % 4)))


def _in_array(data: bytes) -> Iterator[str]:
    array = np.load(io.BytesIO(data), allow_pickle=False)
    if array.dtype.kind in "SU":
        yield from (text if isinstance(text, str) else text.decode("utf-8", "replace") for text in array.ravel())
    elif array.dtype == np.uint8:
        yield from texts(array.tobytes())
    else:
        yield "".join(map(chr, _characters(array)))


def _characters(array: np.ndarray) -> list[int]:
    """Return the entries of an array as character codes; an empty list if some entry is no character code."""
    with np.errstate(invalid="ignore"):
        whole = bool(array.size) and bool(np.all((array >= 9) & (array < 0xD800) & (array == np.floor(array))))
    return array.astype(int).ravel().tolist() if whole else []


def _strings(value: Any) -> Iterator[str]:
    """Yield each text in a JSON value, and each list of texts joined: notebooks store a cell as a list of lines."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _all(value)
        yield from _all(value.values())
    elif isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            yield "".join(value)
        yield from _all(value)


def _all(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str | list | dict):  # numbers are skipped, of which there may be millions
            yield from _strings(value)


def _unpacked(data: bytes) -> Iterator[str]:
    for wbits in (zlib.MAX_WBITS, 16 + zlib.MAX_WBITS, -zlib.MAX_WBITS):
        with suppress(zlib.error):
            yield zlib.decompress(data, wbits).decode("utf-8", "replace")
    yield data.decode("utf-8", "replace")
