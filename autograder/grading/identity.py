"""Hashes of programs: one is equal for texts that differ in layout only, one also if names and imports differ.

Equal hashes of the second kind prove nothing, because a short function can be written in few ways: short answers have
none, and the class page shows small groups only.
"""

from __future__ import annotations

import ast
import hashlib
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any

from autograder.submission import syntax
from autograder.submission.modules import absolute, modules_behind, package_of

LEAST = 60
"""Smallest number of syntax tree nodes of an answer with a hash; `np.maximum(x, 0)` has 8."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def identity(text: str) -> str:
    """Return the SHA-256 of the syntax tree of `text`, in hex; of the text itself where it does not parse.

    Names, docstrings and constants count, because a program can read them; line numbers do not. The tree is not written
    by `ast.dump`, whose output for the same tree differs between versions of Python.
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


def bare(text: str, known: str) -> str:
    """Return the text without comments, with every line at its number, for running it: a program can read its own text.

    Comments are no part of the identity, so two programs with the same hidden inputs could read different data in them.
    A text whose identity would change without comments, such as one that does not parse, is returned unchanged. known:
    the identity of the text.
    """
    if "#" not in text or known == _digest(f"text\n{text}"):
        return text
    if len(text) <= syntax.DIRECT and not _HARD.search(text):
        return _STRING_OR_COMMENT.sub(lambda found: found["string"] or "", text)
    try:
        found = _without_comments(text)
    except syntax.TooCostly:
        return text
    return found if identity(found) == known else text


# In a text that parses, and in which no f-string holds quotes and no line is joined to the next, the strings and the
# comments are what these expressions match: a comment can be removed without another parse.
_HARD = re.compile(r"""\\\n|[\r\f]|(?i:\b(?:[ft]r?|r[ft])['"])""")
_STRING_OR_COMMENT = re.compile(
    r"""(?P<string>('{3}|"{3})(?:\\.|(?!\2).)*\2|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|\#[^\n]*""", re.DOTALL
)


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
    return "".join(lines) + "\n"  # a backslash before the last comment joins its line to another one


def _words(tree: ast.AST) -> list[str]:
    """Return the tree as a list in prefix order, with the lengths of lists and the names of fields, so that different
    trees give different lists."""
    words: list[str] = []
    waiting: list[Any] = [tree]
    while waiting:
        item = waiting.pop()
        kind: Any = type(item)
        if kind is list:
            words.append(f"list {len(item)}")
            waiting += item[::-1]
        elif (names := _fields(kind)) is None:
            words.append(f"{kind.__name__} {item!r}")
        else:
            held = item.__dict__
            found = [name for name in names if (value := held.get(name)) is not None and value != []]
            words.append(f"{kind.__name__} {' '.join(found)}")
            waiting += [held[name] for name in reversed(found)]
    return words


@cache
def _fields(kind: Any) -> tuple[str, ...] | None:
    """Return the fields of a syntax node type but `ctx`, which follows from the node's place; None for other types."""
    return tuple(name for name in kind._fields if name != "ctx") if issubclass(kind, ast.AST) else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def similarity_code(text: str, functions: Collection[str]) -> str | None:
    """Return the SHA-256, in hex, of functions and those that they call, without the names that the author chose.

    Functions in the modules that stand behind the text (autograder/submission/modules.py) are read like the text's own.

    None for short answers, and for a text that does not parse or takes too long to parse.
    """
    try:
        return _code(text, list(functions))
    except syntax.TooCostly:
        return None


@syntax.bounded
def _code(text: str, functions: list[str]) -> str | None:
    try:
        words = _Reader(_Program(syntax.tree(text))).words(functions)
    except syntax.UNPARSABLE:
        return None
    return _digest("\n".join(words)) if len(words) >= LEAST else None


_BLOCKS = ("cases", "handlers", "finalbody", "orelse", "body")
"""Fields of a statement that hold statements, the last one first."""
_UNREAD = frozenset({"ctx", "annotation", "returns", "type_comment", "kind"})
_Place = tuple[str, str]
"""Module and name in it; "" for the text, and for a module itself."""


class _Program:
    """Functions of a text and of the modules behind it, and the function or module that each name refers to."""

    def __init__(self, tree: ast.Module) -> None:
        self._files = modules_behind(tree)
        self.functions: dict[_Place, _Function] = {}
        self._bound: dict[_Place, _Place] = {}
        self._stars: dict[str, list[str]] = defaultdict(list)
        self._read("", tree)
        for name, (text, _) in self._files.items():
            with suppress(*syntax.UNPARSABLE):
                self._read(name, syntax.tree(text))

    def _read(self, module: str, tree: ast.Module) -> None:
        """Store the functions of a module, and the last import or definition that each of its names refers to."""
        for statement in tree.body:
            if inner := isinstance(statement, _Function):
                self.functions[module, statement.name] = statement
                self._bound[module, statement.name] = (module, statement.name)
            waiting: list[Any] = [statement]
            while waiting:
                node = waiting.pop()
                waiting += [part for name in _BLOCKS for part in reversed(getattr(node, name, ()))]
                for name, place in self._imported(module, node):
                    if name == "*":
                        self._stars[module].append(place[0])
                    elif not inner or (module, name) not in self._bound:
                        self._bound[module, name] = place

    def _imported(self, module: str, node: ast.AST) -> Iterator[tuple[str, _Place]]:
        """Yield each name that an import binds, and what it refers to."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                yield alias.asname or top, (alias.name if alias.asname else top, "")
        elif isinstance(node, ast.ImportFrom):
            origin = absolute("." * node.level + (node.module or ""), package_of(module, self._files))
            yield from ((alias.asname or alias.name, (origin, alias.name)) for alias in node.names if origin)

    def find(self, module: str, name: str, steps: int = 20) -> _Place | None:
        """Return the function, or the module behind the text, that a name in a module refers to; None without one."""
        here, whole = (module, name), f"{module}.{name}".strip(".")
        bound = self._bound.get(here)
        if bound == here or not steps:
            return bound if steps else None
        if bound is not None:
            return self.find(*bound, steps - 1)
        if whole in self._files:
            return whole, ""
        return next(filter(None, (self.find(star, name, steps - 1) for star in self._stars[module])), None)

    def called(self, module: str, node: ast.AST) -> _Place | None:
        """Return the function, or the module behind the text, that `name` or `module.name` refers to."""
        if isinstance(node, ast.Name):
            return self.find(module, node.id)
        if isinstance(node, ast.Attribute) and (holder := self.called(module, node.value)) and not holder[1]:
            return self.find(holder[0], node.attr)
        return None


class _Reader:
    """Reader that converts functions, and those that they call, to words; names become numbers by first occurrence.

    The words do not depend on whether a function is in the file or in a module beside it.
    """

    def __init__(self, program: _Program) -> None:
        self._program = program
        self._words: list[str | tuple[str, ...]] = []
        self._places: list[_Place] = []

    def words(self, names: Iterable[str]) -> list[str]:
        """Return one word for each syntax node, name and constant of the functions and of those that they call."""
        read: dict[_Place, list[str | tuple[str, ...]]] = {}
        waiting = [place for name in names if (place := self._program.find("", name)) and place[1]][::-1]
        while waiting:
            place = waiting.pop()
            if place not in read:
                self._places, self._words = [], [place]
                read[place] = self._words
                function = self._program.functions[place]
                self._read(place[0], function.args)
                for statement in function.body[ast.get_docstring(function, clean=False) is not None :]:
                    self._read(place[0], statement)
                waiting += self._places[::-1]
        numbers: dict[tuple[str, ...], int] = {}
        return [word if isinstance(word, str) else f"name {numbers.setdefault(word, len(numbers))}"
                for words in read.values() for word in words]  # fmt: skip

    def _read(self, module: str, node: ast.AST) -> None:
        """Add the words of a node, with names and functions in place of their numbers, and the functions it calls."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            return
        if (place := self._program.called(module, node)) and place[1]:
            self._places.append(place)
            self._words += ["Name", place]
            return
        self._words.append(type(node).__name__)
        for name, value in ast.iter_fields(node):
            if name not in _UNREAD:
                for item in value if isinstance(value, list) else [value]:
                    if isinstance(item, ast.AST):
                        self._read(module, item)
                    elif item is not None:
                        self._words.append((item,) if name in ("id", "arg", "name") else repr(item))
