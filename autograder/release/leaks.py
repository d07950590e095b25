"""Does a release hold anything of what students must not have? Every file, archive member and array is searched.

Secret are the reference, every specification, every known mistake's and every alternative's code, and the answers in
the solutions. What students read is none: statements, hints, formulas with a hole.
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

from autograder.authoring.build.planted import plant
from autograder.authoring.build.stub import make_stub
from autograder.release.fingerprints import Marks, known, parse, syntax_marks, tokens_of, word_marks
from autograder.report.engine import HOME

# What a release is made of. A file of any other kind is a leak until somebody has looked at it.
KINDS = frozenset(
    ".py .ipynb .md .npz .json .toml .txt .yml .whl .npy .j2 .css .js .svg .html .typed .sh .c .gitignore".split()
)
NAMES = frozenset({"METADATA", "WHEEL", "RECORD", "LICENSE", "run_autograder"})
# A text that is shorter says nothing.
SHORT = 16
_BASE64 = re.compile(r"[A-Za-z0-9+/]{64,}={0,2}")
_QUOTED = re.compile(r"`([^`\n]+)`")
_FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Leak:
    """path: in the release, with the member of an archive behind `!`. what: the secret's own place, or the fact."""

    path: str
    what: str


def secrets(root: Path) -> Marks:
    """The marks of all that is secret in a course, less those of what its students read."""
    book, exercises, read, stubs = Marks(), Marks(), Marks(), Marks()
    for path in sorted((root / "reference").rglob("*.py")):
        book.add_code(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
    for folder in sorted(path.parent for path in root.glob("solutions/*/*/solution.py")):
        for path in sorted(folder.glob("*.py")):
            exercises.add_code(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
        # What a stub gives may stand in any exercise's answer, but not in the reference: then too much was given.
        stubs.add_code(make_stub(plant(*(_text(folder / name) for name in ("solution.py", "planted.py")))), "")
        for text in _read_by_students(folder):
            _add_text(read, text)
    book.add(exercises.without(stubs))
    return book.without(read)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _read_by_students(folder: Path) -> Iterator[str]:
    """Statements, hints, and formulas with a hole."""
    for name in ("solution.py", "mistakes.py"):
        path = folder / name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.exists() else ():
            if isinstance(node, ast.FunctionDef | ast.Module):
                yield ast.get_docstring(node) or ""
    if (hints := folder / "hints.toml").exists():
        for told in tomllib.loads(hints.read_text(encoding="utf-8")).values():
            yield from told.values()


def _add_text(read: Marks, text: str) -> None:
    """Its words, and the pieces and lines of code in it."""
    read.add_prose(text)
    for piece in (text, *text.splitlines(), *_QUOTED.findall(text)):
        with suppress(SyntaxError):
            read.add_code(piece.strip().removeprefix(">>> "), "")


@cache
def of_the_engine() -> Marks:
    """The engine's, which is public: whatever it shares with a course is no secret."""
    found, home = Marks(), HOME
    for path in sorted(home.rglob("*.py")):
        found.add_code(path.read_text(encoding="utf-8"), "")
    return found


def search(files: Mapping[str, bytes], secret: Marks) -> list[Leak]:
    """All leaks; an empty list when there is none. files: path in the release → content."""
    return [Leak(path, what) for path, data in files.items() for path, what in _search(path, data, secret)]


def _search(path: str, data: bytes, secret: Marks) -> Iterator[tuple[str, str]]:
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


def _places(text: str, secret: Marks) -> Iterator[str]:
    if place := known(word_marks(tokens_of(text)), secret.words):
        yield place
    for piece in (text, *_FENCED.findall(text)):
        with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            if place := known(syntax_marks(parse(piece)), secret.syntax):
                yield place


def texts(data: bytes) -> Iterator[str]:
    """Everything in these bytes that can be read as text: as it stands, in JSON, in an array, packed."""
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
    """Its entries, where all of them could be letters."""
    with np.errstate(invalid="ignore"):
        whole = bool(array.size) and bool(np.all((array >= 9) & (array < 0xD800) & (array == np.floor(array))))
    return array.astype(int).ravel().tolist() if whole else []


def _strings(value: Any) -> Iterator[str]:
    """Every text in a JSON value; a list of lines as one, too, which is how notebooks keep their cells."""
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
        if isinstance(value, str | list | dict):  # and not each of a million numbers
            yield from _strings(value)


def _unpacked(data: bytes) -> Iterator[str]:
    for wbits in (zlib.MAX_WBITS, 16 + zlib.MAX_WBITS, -zlib.MAX_WBITS):
        with suppress(zlib.error):
            yield zlib.decompress(data, wbits).decode("utf-8", "replace")
    yield data.decode("utf-8", "replace")
