"""Hashes of programs: one that texts share which differ in layout only, and one for names and imports that differ too.

Equal hashes of the second kind prove nothing, because a short function can be written in few ways: short answers have
none, and the class page shows small groups only.
"""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from collections.abc import Collection, Iterator
from typing import Any

from autograder.submission import syntax

LEAST = 60
"""Smallest number of syntax tree nodes of an answer with a hash; `np.maximum(x, 0)` has 8."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def identity(text: str) -> str:
    """Return the SHA-256 of the syntax tree of `text`, in hex; of the text itself where it does not parse.

    Names, docstrings and every constant count, for a program can see them; line numbers do not. The digest is our own
    walk and not `ast.dump`, which writes the same tree differently from one Python to the next.
    """
    try:
        return _identity(text)
    except syntax.TooCostly:
        return _digest(f"text\n{text}")


@syntax.bounded
def _identity(text: str) -> str:
    try:
        return _digest("\n".join(_words(syntax.tree(text))))
    except syntax.UNPARSABLE:
        return _digest(f"text\n{text}")


def bare(text: str) -> str:
    """Return the text without comments, with every line at its number, as student code may know its own text.

    Comments are no part of the identity, so that a program could keep another table in them for the same hidden inputs.
    A text of which no comment can be taken without another identity is returned as it is, such as one that does not
    parse: all of it is its identity then.
    """
    if "#" not in text:
        return text
    try:
        found = _without_comments(text)
    except syntax.TooCostly:
        return text
    return found if identity(found) == identity(text) else text


@syntax.bounded
def _without_comments(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = io.StringIO(text).readlines()
    try:
        for token in syntax.tokens(text):
            if token.type == tokenize.COMMENT:
                row, start = token.start
                lines[row - 1] = lines[row - 1][:start] + lines[row - 1][token.end[1] :]
    except (tokenize.TokenError, SyntaxError):
        return text
    return "".join(lines)


def _words(tree: ast.AST) -> list[str]:
    """List the tree in prefix order, with the lengths of lists and the names of fields: no two trees give equal
    lists."""
    words: list[str] = []
    waiting: list[Any] = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, ast.AST):
            fields = _fields(item)
            words.append(f"{type(item).__name__} {' '.join(name for name, _ in fields)}")
            waiting.extend(value for _, value in reversed(fields))
        elif isinstance(item, list):
            words.append(f"list {len(item)}")
            waiting.extend(reversed(item))
        else:
            words.append(f"{type(item).__name__} {item!r}")
    return words


def _fields(node: ast.AST) -> list[tuple[str, Any]]:
    """Return the fields of a node without its context, which follows from its place."""
    found = [(name, getattr(node, name, None)) for name in node._fields if name != "ctx"]
    return [(name, value) for name, value in found if value is not None and value != []]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def similarity_code(text: str, functions: Collection[str]) -> str | None:
    """Return the SHA-256 of the functions and of those that they call, without the author's names; hex.

    None for short answers, and for a text that does not parse or takes too long to parse.
    """
    try:
        return _code(text, list(functions))
    except syntax.TooCostly:
        return None


@syntax.bounded
def _code(text: str, functions: list[str]) -> str | None:
    try:
        words = list(_Reader(_used(syntax.tree(text), functions)).words())
    except syntax.UNPARSABLE:
        return None
    if len(words) < LEAST:
        return None
    return _digest("\n".join(words))


def _used(tree: ast.Module, names: Collection[str]) -> list[_Function]:
    """Return these functions, each followed by the file's functions that it calls; the last definition of each name."""
    known = {node.name: node for node in tree.body if isinstance(node, _Function)}
    order: list[str] = []
    waiting = [name for name in names if name in known][::-1]
    while waiting:
        name = waiting.pop()
        if name not in order:
            order.append(name)
            called = [node.id for node in ast.walk(known[name]) if isinstance(node, ast.Name) and node.id in known]
            waiting += called[::-1]
    return [known[name] for name in order]


class _Reader:
    """Reader of functions as words, with names replaced by the order of their first occurrence."""

    def __init__(self, functions: list[_Function]) -> None:
        self._functions = functions
        self._numbers: dict[str, int] = {}

    def words(self) -> Iterator[str]:
        """Yield one word for each node, name and constant."""
        for function in self._functions:
            yield self._number(function.name)
            yield from self._read(function.args)
            for statement in _without_docstring(function.body):
                yield from self._read(statement)

    def _read(self, node: ast.AST) -> Iterator[str]:
        yield type(node).__name__
        for name, value in ast.iter_fields(node):
            if name in ("ctx", "annotation", "returns", "type_comment", "kind"):
                continue
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, ast.AST):
                    yield from self._read(item)
                elif item is not None:
                    yield self._number(item) if name in ("id", "arg", "name") else repr(item)

    def _number(self, name: str) -> str:
        return f"name {self._numbers.setdefault(name, len(self._numbers))}"


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    match body[0]:
        case ast.Expr(ast.Constant(str())):
            return body[1:]
    return body
