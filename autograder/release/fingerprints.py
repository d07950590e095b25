"""What code looks like when names, layout, comments, docstrings and annotations are taken away.

Two sets of marks of a piece of code: its syntax, every expression and statement of some size with its variables
numbered as they come, so that other names make no other mark; and its words, runs of tokens as they stand, which are
also found in prose, in a string or in a piece that is no whole Python.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

# Nodes of a piece of syntax that is worth a mark: below, formulas that everybody writes are alike.
LEAST, MOST = 16, 400
# Tokens in a row: as many as in a line of code.
RUN = 18
# Names among them, without which a run is a table of numbers.
NAMES = 7

_TOKEN = re.compile(r"[^\W\d]\w*|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|[^\s\w]")
_KEPT = frozenset("np numpy math self range len zip enumerate sum max min abs float int list tuple dict sorted".split())


Token = tuple[str, int]
Found = tuple[int, int]
"""A mark, which holds within this process, and the line where it was found."""


@dataclass
class Marks:
    """syntax, words: mark → where it was found first, as file:line."""

    syntax: dict[int, str] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)

    def add_code(self, text: str, place: str) -> None:
        """The marks of a piece of Python; SyntaxError when it is none."""
        _keep(self.syntax, syntax_marks(parse(text)), place)
        _keep(self.words, word_marks(_code_tokens(text)), place)

    def add(self, other: Marks) -> None:
        """Those of another."""
        self.syntax |= {mark: place for mark, place in other.syntax.items() if mark not in self.syntax}
        self.words |= {mark: place for mark, place in other.words.items() if mark not in self.words}

    def add_prose(self, text: str) -> None:
        """The marks of its words alone."""
        _keep(self.words, word_marks(tokens_of(text)), "")

    def without(self, other: Marks) -> Marks:
        """Those that the other has not."""
        return Marks(
            {mark: place for mark, place in self.syntax.items() if mark not in other.syntax},
            {mark: place for mark, place in self.words.items() if mark not in other.words},
        )


def _keep(marks: dict[int, str], found: Iterable[Found], place: str) -> None:
    for mark, line in found:
        marks.setdefault(mark, f"{place}:{line}")


def parse(text: str) -> ast.Module:
    """The syntax tree; SyntaxError where there is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd escapes in what may be no Python at all
        return ast.parse(text)


def syntax_marks(tree: ast.AST) -> Iterator[Found]:
    """A mark of every expression and statement of some size."""
    flat = _Flat()
    flat.add(tree)
    for node, start, end, size in flat.pieces:
        if isinstance(node, ast.expr | ast.stmt) and LEAST <= size <= MOST:
            yield hash(_numbered(flat.words[start:end])), node.lineno
        elif isinstance(node, ast.FunctionDef):  # a short answer is told by its name, too
            yield hash((node.name, _numbered(flat.words[start:end]))), node.lineno


class _Variable(str):
    """A name that somebody chose."""


class _Flat:
    """A tree without docstrings, annotations, decorators and types, as one row of words. pieces: node, where its words
    begin and end, and how many nodes of it say something: operators, names, numbers, calls."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.pieces: list[tuple[ast.AST, int, int, int]] = []

    def add(self, node: ast.AST) -> int:
        """The node and what is below it; its size."""
        start = len(self.words)
        if isinstance(node, ast.Name | ast.arg):
            name = node.id if isinstance(node, ast.Name) else node.arg
            self.words.append(name if name in _KEPT else _Variable(name))
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
    """What it is, and the attribute's or the argument's name."""
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
    """With a number for each variable, in the order in which they come."""
    numbers: dict[str, int] = {}
    return tuple(numbers.setdefault(w, len(numbers)) if type(w) is _Variable else w for w in words)


def tokens_of(text: str) -> list[Token]:
    """The tokens of any text with their lines."""
    found = [(token, number) for number, line in enumerate(text.split("\n"), 1) for token in _TOKEN.findall(line)]
    return _without_contracts(found) if "def" in text else found


def _code_tokens(text: str) -> list[Token]:
    """Those of Python, without comments and without what stands in quotes: that is prose."""
    kinds = (tokenize.NAME, tokenize.NUMBER, tokenize.OP)
    found = (token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type in kinds)
    return _without_contracts((part, token.start[0]) for token in found for part in _TOKEN.findall(token.string))


def _without_contracts(tokens: Iterable[Token]) -> list[Token]:
    """Without the heads of functions: names, arguments and types are given to students."""
    kept: list[Token] = []
    depth = -1
    for token in tokens:
        depth = 0 if token[0] == "def" else depth
        if depth < 0:
            kept.append(token)
        else:
            depth += (token[0] in "([{") - (token[0] in ")]}")
            depth = -1 if token[0] == ":" and not depth else depth
    return kept


def word_marks(tokens: Sequence[Token]) -> Iterator[Found]:
    """A mark of every run of tokens that is more than data: with some names in it."""
    words = [token for token, _ in tokens]
    names = [word.isidentifier() for word in words]
    count = sum(names[: RUN - 1])
    for start in range(len(tokens) - RUN + 1):
        count += names[start + RUN - 1]
        if count >= NAMES:
            yield hash(tuple(words[start : start + RUN])), tokens[start][1]
        count -= names[start]


def known(marks: Iterable[Found], secret: Mapping[int, str]) -> str | None:
    """Where the first of the marks that is secret was found; None when none is."""
    return next((secret[mark] for mark, _ in marks if mark in secret), None)
