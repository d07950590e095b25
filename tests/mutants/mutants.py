"""Generation of the mutants of a solution: deterministic, pairwise different, each with a name."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from autograder.authoring.build.stub import BEGIN, END
from tests.mutants.operators import GUARDS, OPERATORS, Edit, Kinds

_Function = ast.FunctionDef | ast.AsyncFunctionDef
# Fields that hold no arithmetic.
_QUIET = frozenset({"annotation", "returns", "type_comment", "decorator_list"})


@dataclass(frozen=True)
class Mutant:
    """One small defect in a solution."""

    id: str
    """`function: change in statement`, which does not depend on the other statements."""
    function: str
    operator: str
    """Name of the mutation operator."""
    text: str
    """Whole solution with the defect."""


@dataclass(frozen=True)
class _Site:
    """Node, its position in its parent, and the first line of its statement."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST
    statement: str


def make_mutants(solution_text: str, functions: Collection[str]) -> list[Mutant]:
    """Return the mutants of these functions' answers, in the order of the text."""
    answers = _answers(solution_text)
    tree = ast.parse(solution_text)
    wanted = [node for node in tree.body if isinstance(node, _Function) and node.name in functions]
    return [mutant for node in wanted for mutant in _mutants(solution_text, node, answers)]


def _mutants(text: str, function: _Function, answers: Collection[int]) -> Iterator[Mutant]:
    kinds = _kinds(function)
    function.body = function.body[1:] if ast.get_docstring(function) else function.body
    seen = {ast.unparse(function)}
    names: Counter[str] = Counter()
    for site, operator, change in _changes(function, answers, kinds):
        written = _write(function, site, change)
        if written not in seen:
            seen.add(written)
            name = _name(function, site, change)
            names[name] += 1
            number = f" ({names[name]})" if names[name] > 1 else ""
            yield Mutant(name + number, function.name, operator, _replace(text, function, written))


def _changes(function: _Function, answers: Collection[int], kinds: Kinds) -> list[tuple[_Site, str, Edit]]:
    return [
        (site, name, change)
        for site in _sites(function)
        # A node without a line number has its parent's.
        if getattr(site.node, "lineno", getattr(site.parent, "lineno", 0)) in answers
        for name, make in OPERATORS.items()
        for change in make(site.node, kinds)
    ]


def _name(function: _Function, site: _Site, change: Edit) -> str:
    place = f"`{site.statement}`"
    return f"{function.name}: " + (f"{change.words} in {place}" if change.node else f"{place} {change.words}")


def _answers(text: str) -> frozenset[int]:
    """Return the line numbers between the solution markers."""
    inside, found = False, set()
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() in (BEGIN, END):
            inside = line.strip() == BEGIN
        elif inside:
            found.add(number)
    return frozenset(found)


def _kinds(function: _Function) -> Kinds:
    """Return parameter → its kind: its annotation, and whether it is a hyperparameter."""
    given = [*function.args.posonlyargs, *function.args.args]
    return {
        arg.arg: f"{word} {ast.unparse(arg.annotation) if arg.annotation else ''}"
        for word, args in (("argument", given), ("hyperparameter", function.args.kwonlyargs))
        for arg in args
    }


def _sites(parent: ast.AST, statement: str = "") -> Iterator[_Site]:
    """Yield every node below `parent`, in the order of the text."""
    for field, value in ast.iter_fields(parent):
        if field in _QUIET or isinstance(parent, ast.JoinedStr):
            continue
        several = isinstance(value, list)
        for index, node in enumerate(value if several else [value]):
            if isinstance(node, ast.AST) and getattr(node, "arg", None) not in GUARDS:
                inside = ast.unparse(node).partition("\n")[0] if isinstance(node, ast.stmt) else statement
                yield _Site(parent, field, index if several else None, node, inside)
                yield from _sites(node, inside)


def _write(function: _Function, site: _Site, change: Edit) -> str:
    """Return the function's text with the change, and restore the tree."""
    before = getattr(site.parent, site.field)
    setattr(site.parent, site.field, _changed(before, site, change.node))
    try:
        return ast.unparse(function)
    finally:
        setattr(site.parent, site.field, before)


def _changed(before: object, site: _Site, node: ast.AST | None) -> object:
    if not isinstance(before, list) or site.index is None:
        return node
    kept = [node] if node is not None else []
    after = [*before[: site.index], *kept, *before[site.index + 1 :]]
    return after or ([ast.Pass()] if site.field == "body" else [])


def _replace(text: str, function: _Function, written: str) -> str:
    lines = text.split("\n")
    first = min([function.lineno, *(node.lineno for node in function.decorator_list)])
    return "\n".join([*lines[: first - 1], written, *lines[function.end_lineno :]])
