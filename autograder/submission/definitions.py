"""Read what a text defines at its top level, without running it.

The text is cut into statements as the worker cuts it (autograder/sandbox/inside/loader.py), so that one function that
does not parse hides no other one. Every question of the package about the names in a text is answered from here.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from autograder.sandbox.inside.loader import BrokenChunk
from autograder.submission import syntax

Kind = Literal["written", "stub", "broken", "imported", "result"]
_BLOCKS = ("body", "orelse", "finalbody", "handlers")
_MARKER = re.compile(r"^(<<<<<<<|=======|>>>>>>>)( |$)", re.MULTILINE)
_MERGE = "a merge was not finished: keep one version, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"
_NEWER = (
    (re.compile(r"\b(?:def|class)\s+\w+\["), (3, 12), "a list of type parameters"),
    (re.compile(r"^\s*type\s+\w+\s*(?:\[.*\])?\s*="), (3, 12), "a `type` statement"),
    (re.compile(r"""\b[rR]?[fF][rR]?(['"])[^'"]*\{[^{}]*\1"""), (3, 12), "a string with the same quotes inside"),
    (re.compile(r"\b[rR]?[tT][rR]?(['\"])"), (3, 14), "a template string"),
    (re.compile(r"^\s*except\s+\w+\s*,\s*\w+"), (3, 14), "`except` without brackets"),
)
"""Syntax of newer Pythons, for a line that does not parse: pattern, version, words."""


@dataclass(frozen=True)
class Binding:
    """A name that a text defines, assigns or imports at its top level, and where."""

    name: str
    """Name of the function, class or variable; "*" for all names of a module."""
    kind: Kind
    """How the name is bound; "result" means to the result of calling the function of the same name."""
    line: int
    """First line, from 1."""
    end: int
    """Last line."""
    detail: str = ""
    """Reason why the piece does not parse, or the module that the name is imported from."""
    of: str = ""
    """Name in that module."""
    cell: int | None = None
    """Cell in which the lines are counted, where `handgrad validate` has found it; else None."""


@dataclass(frozen=True)
class Import:
    """Module that a text imports, at any depth."""

    line: int
    """Line of the import."""
    module: str
    """Name with dots; leading dots of a relative import are kept."""
    names: tuple[str, ...]
    """Names that are taken from it, some of which may be modules."""
    at_once: bool
    """The import runs when the text is loaded, not only in a later call."""


@dataclass(frozen=True)
class Content:
    """What a text binds, imports and asks for, and its pieces that do not parse, as found by `read`."""

    bindings: tuple[Binding, ...] = ()
    """Bound names, in the text's order."""
    imports: tuple[Import, ...] = ()
    """Imported modules, in the text's order."""
    asks: tuple[int, ...] = ()
    """Lines of calls of `input()` that run when the text is loaded."""
    broken: tuple[tuple[int, str, tuple[str, ...]], ...] = ()
    """Pieces that do not parse: the line to repair, what is wrong there, and the names that the piece defines."""

    def all(self, name: str) -> list[Binding]:
        """Return the bindings of a name, in order."""
        return [binding for binding in self.bindings if binding.name == name]

    def last(self, name: str) -> Binding | None:
        """Return the binding that counts: the last one, and one that does not parse only if there is no other."""
        mine = self.all(name)
        sound = [binding for binding in mine if binding.kind != "broken"]
        return next(reversed(sound or mine), None)


@lru_cache(maxsize=256)
def read(text: str) -> Content:
    """Return what the text binds and imports; an empty Content where parsing it takes too long."""
    try:
        bindings, imports, asks, broken = _read(text)
    except syntax.TooCostly:
        return Content()
    found = (Import(line, module, tuple(names), at_once) for line, module, names, at_once in imports)
    pieces = tuple((line, detail, tuple(names)) for line, detail, names in broken)
    return Content(tuple(Binding(*row) for row in bindings), tuple(found), tuple(asks), pieces)


@syntax.bounded
def _read(text: str) -> list[list[Any]]:
    """Return bindings, imports, lines that call `input()` and broken pieces, as JSON values."""
    bindings: list[Any] = []
    imports: list[Any] = []
    asks: list[Any] = []
    broken: list[Any] = []
    lines = text.split("\n")
    for statement in syntax.statements(text):
        if isinstance(statement, BrokenChunk):
            line, detail = _explained(lines, statement)
            bindings += [[name, "broken", line, line, detail] for name in statement.names]
            broken.append([line, detail, list(statement.names)])
            continue
        if isinstance(statement, ast.Delete):
            gone = {target.id for target in statement.targets if isinstance(target, ast.Name)}
            bindings = [row for row in bindings if row[0] not in gone]
        bindings += _bound(statement)
        _visit(statement, imports, asks)
    return [bindings, imports, asks, broken]


def _bound(statement: ast.AST) -> Iterator[list[Any]]:
    """Yield a row for each name that a statement binds, also inside `if` and `try`, but not inside functions."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            kind = "stub" if _is_stub(statement.body) else "written"
            yield [statement.name, kind, statement.lineno, statement.end_lineno or statement.lineno]
        case ast.ClassDef():
            yield [statement.name, "written", statement.lineno, statement.end_lineno or statement.lineno]
        case ast.ImportFrom():
            module = "." * statement.level + (statement.module or "")
            for alias in statement.names:
                yield [alias.asname or alias.name, "imported", *[statement.lineno] * 2, module, alias.name]
        case ast.Assign() | ast.AnnAssign() if statement.value:
            called = {node.func.id for node in ast.walk(statement.value)
                      if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for node in (node for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)):
                end = statement.end_lineno or node.lineno
                yield [node.id, "result" if node.id in called else "written", node.lineno, end]
        case _:
            for inner in (inner for block in _BLOCKS for inner in getattr(statement, block, [])):
                yield from _bound(inner)


def _is_stub(body: Sequence[ast.stmt]) -> bool:
    """Return whether the body is only a docstring, or always reaches a `raise NotImplementedError`."""
    left = [item for item in body if not isinstance(item, ast.Pass)
            and not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]  # fmt: skip
    raised = [item.exc.func if isinstance(item.exc, ast.Call) else item.exc for item in left
              if isinstance(item, ast.Raise)]  # fmt: skip
    return not left or any(isinstance(each, ast.Name) and each.id == "NotImplementedError" for each in raised)


def _visit(statement: ast.stmt, imports: list[Any], asks: list[Any]) -> None:
    """Add to `imports` a statement's imports at any depth, and to `asks` its calls of `input()` that run at once."""
    at_once = not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    waiting: list[ast.AST] = [statement]
    for each in () if at_once else waiting:  # as ast.walk does, but without expressions
        waiting += (inner for block in (*_BLOCKS, "cases") for inner in getattr(each, block, ()))
    for node in ast.walk(statement) if at_once else waiting:
        if isinstance(node, ast.Import):
            imports += [[node.lineno, alias.name, [], at_once] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            imports.append([node.lineno, module, [alias.name for alias in node.names], at_once])
        elif at_once and isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "input":
            asks.append(node.lineno)


def _explained(lines: Sequence[str], broken: BrokenChunk) -> tuple[int, str]:
    """Return the line at which a piece is to be repaired, and what is wrong there."""
    piece = "\n".join(lines[broken.first - 1 : broken.line + 1])
    if marker := _MARKER.search(piece):
        return broken.first + piece.count("\n", 0, marker.start()), _MERGE
    line = lines[broken.line - 1] if broken.line <= len(lines) else ""
    for pattern, version, words in _NEWER:
        if sys.version_info < version and pattern.search(line):
            own, newer = (".".join(map(str, each)) for each in (sys.version_info[:2], version))
            needs = f"{words} needs Python {newer}, and it is graded by Python {own}: write it the older way"
            return broken.line, needs
    return broken.line, broken.detail
