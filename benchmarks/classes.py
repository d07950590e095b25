"""Classes of any size, generated from a course's solutions, alternatives, known mistakes and stubs.

No file is copied: local variables are renamed, comments and blank lines vary. A fraction of the answers is another
student's program in a different layout, as in a real class.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.authoring.build.stub import make_stub, plant
from autograder.course.catalog import Course
from autograder.submission.source import Entry, entry_of

REMARKS = ("# my answer", "# TODO: look at the shapes again", "# see the lecture, page 12", "# works!", "# Übung", "")


def write_class(folder: Path, course: Course, names: Sequence[str], size: int, own: float = 0.7) -> list[Entry]:
    """Write `size` folders, deterministically. own: fraction of the answers that no other student has."""
    return [write_submission(folder / f"s{number:06}", course, names, number, own) for number in range(size)]


def write_submission(folder: Path, course: Course, names: Sequence[str], number: int, own: float) -> Entry:
    """Write one student's folder. One in ten answers is missing."""
    folder.mkdir(parents=True)
    for name in names:
        chance = random.Random(f"{number} {name}")
        if chance.random() < 0.9:
            text = answer(course, name, chance, f"_{number}" if chance.random() < own else "")
            (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return entry_of(folder)


def answer(course: Course, name: str, chance: random.Random, suffix: str) -> str:
    """Return one answer: a stub, a solution, or one with a function replaced by a mistake or an alternative.

    suffix: of all local variables; "" leaves the program as it is in the course.
    """
    found = pieces(course, name)
    tree = ast.parse(found.stub if chance.random() < 0.1 else found.solution)
    if chance.random() < 0.8 and found.others:
        _exchange(tree, deepcopy(chance.choice(found.others)))
    if suffix:
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                _Renamer(node, suffix).visit(node)
        tree.body.append(ast.parse(f"student{suffix} = True").body[0])
    blank = "\n" * chance.randrange(3)
    return f"{chance.choice(REMARKS)}\n{blank}{ast.unparse(tree)}\n{chance.choice(REMARKS)}\n"


@dataclass(frozen=True)
class Pieces:
    """Parts of answers to an exercise. others: other versions of one function, each with the helpers that it needs."""

    solution: str
    stub: str
    others: tuple[tuple[ast.stmt, ...], ...]


@cache
def pieces(course: Course, name: str) -> Pieces:
    """Read the parts of an exercise once."""
    folder = course.folders[name]
    solution = course.solution(name)
    stub = make_stub(plant(solution, course.planted(name)))
    return Pieces(solution, stub, (*_forms(folder / "mistakes.py"), *_forms(folder / "alternatives.py")))


def _forms(path: Path) -> Iterator[tuple[ast.stmt, ...]]:
    """Return each decorated function under its exercise's name, after the file's own helpers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    helpers = [node for node in tree.body if not getattr(node, "decorator_list", ()) and not _is_engine(node)]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            (marker,) = node.decorator_list
            assert isinstance(marker, ast.Call) and isinstance(marker.args[0], ast.Constant)
            form = ast.FunctionDef(marker.args[0].value, node.args, node.body, [])
            yield (*helpers, ast.fix_missing_locations(form))


def _is_engine(node: ast.stmt) -> bool:
    """Return whether the node is an import that no student could make, or the file's docstring."""
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").partition(".")[0] in ("autograder", "__future__")
    return isinstance(node, ast.Expr)


def _exchange(tree: ast.Module, form: tuple[ast.stmt, ...]) -> None:
    *helpers, function = form
    assert isinstance(function, ast.FunctionDef)
    kept = [node for node in tree.body if getattr(node, "name", "") != function.name]
    head = [node for node in kept if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    tree.body = [*head, *(node for node in kept if node not in head), *helpers, function]


class _Renamer(ast.NodeTransformer):
    """Transformer that renames every variable that a function assigns; its parameters keep their names."""

    def __init__(self, function: ast.FunctionDef, suffix: str) -> None:
        inside = list(ast.walk(function))
        given = {node.arg for node in inside if isinstance(node, ast.arg)}
        own = {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        self._names, self._suffix = own - given, suffix

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(node.id + self._suffix, node.ctx) if node.id in self._names else node
