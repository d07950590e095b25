"""Hashes of answers that ignore names, comments, layout and the order of imports.

Equal hashes prove nothing, because a short function can be written in few ways: short answers have no hash, and the
class page shows small groups only.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Collection, Iterator

from autograder.submission import syntax

LEAST = 60
"""Smallest number of syntax tree nodes of an answer with a hash; `np.maximum(x, 0)` has 8."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef


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
    return hashlib.sha256("\n".join(words).encode("utf-8", "surrogatepass")).hexdigest()


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
