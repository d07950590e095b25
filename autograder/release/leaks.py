"""Search for secret code in a release: in each file, archive member and array.

Secret are the reference, the specifications, the code of known mistakes and alternatives, and the solutions. Public are
statements, hints and formulas with a hole.

Code is recognised by fingerprints that do not depend on layout, comments, docstrings and annotations. A piece of code
has two sets. Syntax fingerprints cover each expression and statement of some size, with variables numbered in order of
appearance, so that renaming changes none. Word fingerprints cover runs of tokens, and are also found in prose, in a
string and in text that is not valid Python.
"""

from __future__ import annotations

import ast
import base64
import io
import json
import re
import tokenize
import tomllib
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from autograder.authoring.build.stub import make_stub, plant
from autograder.report.engine import HOME

# Sizes in nodes of a piece of syntax that gets a fingerprint. Smaller pieces occur in many independent programs.
LEAST, MOST = 16, 400
# Tokens in a run: about a line of code.
RUN = 18
# Names that a run must hold; with fewer it is a table of numbers.
RUN_NAMES = 7

_TOKEN = re.compile(r"[^\W\d]\w*|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|[^\s\w]")
_FIXED = frozenset(
    "np numpy math self range len zip enumerate sum max min abs float int list tuple dict sorted".split()
)


Token = tuple[str, int]
Found = tuple[int, int]
"""A fingerprint, valid within this process only, and the line where it was found."""


@dataclass
class Fingerprints:
    """Fingerprints of code. syntax, words: fingerprint → the first place where it was found, as file:line."""

    syntax: dict[int, str] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)

    def add_code(self, text: str, place: str) -> None:
        """Add the fingerprints of a piece of Python; SyntaxError if it is not valid Python."""
        _add(self.syntax, syntax_hashes(parse(text)), place)
        _add(self.words, word_hashes(_code_tokens(text)), place)

    def add(self, other: Fingerprints) -> None:
        """Add all fingerprints of `other`."""
        self.syntax |= {key: place for key, place in other.syntax.items() if key not in self.syntax}
        self.words |= {key: place for key, place in other.words.items() if key not in self.words}

    def add_prose(self, text: str) -> None:
        """Add the word fingerprints of a text."""
        _add(self.words, word_hashes(tokens_of(text)), "")

    def without(self, other: Fingerprints) -> Fingerprints:
        """Return the fingerprints that `other` does not have."""
        return Fingerprints(
            {key: place for key, place in self.syntax.items() if key not in other.syntax},
            {key: place for key, place in self.words.items() if key not in other.words},
        )


def _add(fingerprints: dict[int, str], found: Iterable[Found], place: str) -> None:
    for fingerprint, line in found:
        fingerprints.setdefault(fingerprint, f"{place}:{line}")


def parse(text: str) -> ast.Module:
    """Parse Python without warnings; SyntaxError if it is not valid."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about invalid escapes
        return ast.parse(text)


def syntax_hashes(tree: ast.AST) -> Iterator[Found]:
    """Yield a fingerprint of each expression and statement of LEAST to MOST nodes, and of each short function."""
    flat = _Flat()
    flat.add(tree)
    for node, start, end, size in flat.pieces:
        if isinstance(node, ast.expr | ast.stmt) and LEAST <= size <= MOST:
            yield hash(_numbered(flat.words[start:end])), node.lineno
        elif isinstance(node, ast.FunctionDef):  # a short function is only recognised together with its name
            yield hash((node.name, _numbered(flat.words[start:end]))), node.lineno


class _Variable(str):
    """A name that the author of the code chose."""


class _Flat:
    """Flatten a syntax tree, without docstrings, annotations, decorators and types, to one list of words.

    pieces: node, start and end of its words, and its size: the number of operators, names, numbers and calls in it.
    """

    def __init__(self) -> None:
        self.words: list[str] = []
        self.pieces: list[tuple[ast.AST, int, int, int]] = []

    def add(self, node: ast.AST) -> int:
        """Add a node with all nodes below it; return its size."""
        start = len(self.words)
        if isinstance(node, ast.Name | ast.arg):
            name = node.id if isinstance(node, ast.Name) else node.arg
            self.words.append(name if name in _FIXED else _Variable(name))
            size = 1
        elif isinstance(node, ast.Constant):
            self.words.append(repr(node.value))
            size = 1
        else:
            self.words += _head(node), "("
            size = sum(map(self.add, _parts(node))) + (not isinstance(node, ast.arguments))
            self.words.append(")")
        self.pieces.append((node, start, len(self.words), size))
        return size


def _head(node: ast.AST) -> str:
    """Return the kind of a node, and the name of its attribute if it has one."""
    kind = "Assign" if isinstance(node, ast.AnnAssign) else type(node).__name__
    return f"{kind} {getattr(node, 'attr', '')}"


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.FunctionDef():
            yield node.args
            yield from filter(_is_said, _without_docstring(node.body))
        case ast.AnnAssign():
            yield from (part for part in (node.target, node.value) if part)
        case _:
            yield from filter(_is_said, ast.iter_child_nodes(node))


def _is_said(node: ast.AST) -> bool:
    return not (isinstance(node, ast.expr_context) or (isinstance(node, ast.AnnAssign) and node.value is None))


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    bare = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return body[1:] if bare else body


def _numbered(words: Iterable[str]) -> tuple[str | int, ...]:
    """Replace each variable by a number, in order of appearance."""
    numbers: dict[str, int] = {}
    return tuple(numbers.setdefault(w, len(numbers)) if type(w) is _Variable else w for w in words)


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of any text with their lines."""
    found = [(token, number) for number, line in enumerate(text.split("\n"), 1) for token in _TOKEN.findall(line)]
    return _without_contracts(found) if "def" in text else found


def _code_tokens(text: str) -> list[Token]:
    """Return the tokens of Python code without comments and strings, which are prose."""
    kinds = (tokenize.NAME, tokenize.NUMBER, tokenize.OP)
    found = (token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type in kinds)
    return _without_contracts((part, token.start[0]) for token in found for part in _TOKEN.findall(token.string))


def _without_contracts(tokens: Iterable[Token]) -> list[Token]:
    """Remove function signatures, because students are given names, arguments and types."""
    left: list[Token] = []
    depth = -1
    for token in tokens:
        depth = 0 if token[0] == "def" else depth
        if depth < 0:
            left.append(token)
        else:
            depth += (token[0] in "([{") - (token[0] in ")]}")
            depth = -1 if token[0] == ":" and not depth else depth
    return left


def word_hashes(tokens: Sequence[Token]) -> Iterator[Found]:
    """Yield a fingerprint of each run of RUN tokens with at least RUN_NAMES names in it."""
    words = [token for token, _ in tokens]
    names = [word.isidentifier() for word in words]
    count = sum(names[: RUN - 1])
    for start in range(len(tokens) - RUN + 1):
        count += names[start + RUN - 1]
        if count >= RUN_NAMES:
            yield hash(tuple(words[start : start + RUN])), tokens[start][1]
        count -= names[start]


def known(fingerprints: Iterable[Found], secret: Mapping[int, str]) -> str | None:
    """Return the place of the first secret fingerprint among these; None if none is secret."""
    return next((secret[fingerprint] for fingerprint, _ in fingerprints if fingerprint in secret), None)


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
