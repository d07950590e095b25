"""Reduce the code cells of a notebook to the definitions that some functions need.

Nothing is run. A name that is bound again keeps every binding, but of a function that is defined twice the last
definition counts, as in the notebook.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from autograder.submission import syntax
from autograder.submission.definitions import read
from autograder.submission.notebook import plain
from autograder.submission.places import joined

Kind = Literal["definition", "import", "binding", "change", "broken"]


@dataclass(frozen=True)
class _Piece:
    """Statement of a cell. binds: names it defines; uses: names of the notebook it refers to; at_once: those that it
    looks up when it runs, not only in a later call."""

    cell: int
    first: int
    last: int
    kind: Kind
    binds: frozenset[str]
    uses: frozenset[str] = frozenset()
    at_once: frozenset[str] = frozenset()


@syntax.bounded
def slice_cells(cells: list[str], names: list[str]) -> str:
    """Return the code of `cells` that the functions `names` need, "" if none of them is defined.

    cells: sources in the order they were run. The text is made by `joined`; lines keep their places in their cells.
    Raise TooCostly where the cells take too long to parse.
    """
    sources = [plain(cell)[0] for cell in cells]
    pieces: list[_Piece] = []
    for number, source in enumerate(sources, 1):
        try:
            pieces += list(_statements(number, source))
        except syntax.UNPARSABLE:  # one piece, which binds all that the cell seems to define
            binds = frozenset(each.name for each in read(source).bindings)
            pieces += [_Piece(number, 1, source.count("\n") + 1, "broken", binds)] if source.strip() else []
    # A cell that cannot run leaves earlier definitions: what it binds counts only if no other cell binds it.
    sound = frozenset().union(*(piece.binds for piece in pieces if piece.kind != "broken"))
    pieces = [replace(each, binds=each.binds - sound) if each.kind == "broken" else each for each in pieces]
    kept = _needed(pieces, frozenset(names))
    if not any(piece.binds & set(names) for piece in kept):
        return ""
    lines: dict[int, set[int]] = {}
    for piece in kept:
        lines.setdefault(piece.cell, set()).update(range(piece.first, piece.last + 1))
    numbered = {cell: enumerate(sources[cell - 1].split("\n")[: max(needed)], 1) for cell, needed in lines.items()}
    return joined((cell, "\n".join(line if number in lines[cell] else "" for number, line in numbered[cell]))
                  for cell in sorted(numbered))  # fmt: skip


def _statements(number: int, source: str) -> Iterator[_Piece]:
    lines = source.split("\n")
    for first, last, nodes in _lines(syntax.tree(source).body):
        table = syntax.table("\n".join(lines[first - 1 : last]))
        binds = frozenset(s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported())
        uses = frozenset(_uses(table))
        at_once = uses
        kind: Kind = "binding" if binds else "change"
        if all(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for node in nodes):
            kind = "definition"
            at_once = frozenset(symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced())
        elif all(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes):
            kind = "import"
        yield _Piece(number, first, last, kind, binds | _changed(nodes), uses, at_once)


def _lines(body: Sequence[ast.stmt]) -> list[tuple[int, int, list[ast.stmt]]]:
    """Return (first line, last line, statements) of each group of statements; those sharing a line form one group."""
    groups: list[tuple[int, int, list[ast.stmt]]] = []
    for node in body:
        first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        last, nodes = node.end_lineno or node.lineno, [node]
        if groups and first <= groups[-1][1]:
            begin, end, before = groups.pop()
            first, last, nodes = begin, max(end, last), [*before, node]
        groups.append((first, last, nodes))
    return groups


def _changed(nodes: Sequence[ast.stmt]) -> frozenset[str]:
    """Return names whose objects a statement changes: by `name[...] = `, `name.field = ` or `name.method(...)`."""
    found = set()
    for node in nodes:
        targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            targets = [node.value.func]
        for target in targets:
            while isinstance(target, ast.Subscript | ast.Attribute):
                target = target.value
                if isinstance(target, ast.Name):
                    found.add(target.id)
    return frozenset(found)


def _uses(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the global names that a text uses, at any depth of its functions and classes."""
    top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (top or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _uses(child)


def _needed(pieces: Sequence[_Piece], names: frozenset[str]) -> list[_Piece]:
    """Return the pieces that bind a wanted name or, transitively, a name that a kept piece uses.

    The pieces are searched backwards, repeatedly until no further name is wanted. A definition ends the search for
    earlier definitions of its names, unless a statement before it uses such a name when it runs.
    """
    imported = frozenset(name for piece in pieces if piece.kind == "import" for name in piece.binds)
    wanted, before = names, frozenset[str]()
    kept: list[_Piece] = []
    while wanted != before:
        before, undefined, kept = wanted, wanted, []
        for piece in reversed(pieces):
            # A call such as `np.save(...)` does not change the module np.
            reach = {"definition": undefined, "import": undefined, "change": wanted - imported}.get(piece.kind, wanted)
            # `import *` may bind any name, and `__future__` affects all code.
            always = piece.kind == "import" and piece.binds & {"*", "annotations", "division"}
            if always or piece.binds & reach:
                kept.append(piece)
                undefined = undefined - piece.binds if piece.kind in ("definition", "import") else undefined
                undefined, wanted = undefined | piece.at_once, wanted | piece.uses
    return kept[::-1]
