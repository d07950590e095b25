"""Fingerprints of code that do not depend on layout, comments, docstrings and annotations.

A piece of code has two sets. Syntax fingerprints cover each expression and statement of some size, with variables
numbered in order of appearance, so that renaming changes none. Word fingerprints cover runs of tokens, and are also
found in prose, in a string and in text that is not valid Python.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

# Sizes in nodes of a piece of syntax that gets a fingerprint. Smaller pieces occur in many independent programs.
LEAST, MOST = 16, 400
# Tokens in a run: about a line of code.
RUN = 18
# Names that a run must hold; with fewer it is a table of numbers.
NAMES = 7

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
    """Yield a fingerprint of each run of RUN tokens with at least NAMES names in it."""
    words = [token for token, _ in tokens]
    names = [word.isidentifier() for word in words]
    count = sum(names[: RUN - 1])
    for start in range(len(tokens) - RUN + 1):
        count += names[start + RUN - 1]
        if count >= NAMES:
            yield hash(tuple(words[start : start + RUN])), tokens[start][1]
        count -= names[start]


def known(fingerprints: Iterable[Found], secret: Mapping[int, str]) -> str | None:
    """Return the place of the first secret fingerprint among these; None if none is secret."""
    return next((secret[fingerprint] for fingerprint, _ in fingerprints if fingerprint in secret), None)
