"""What the grader will see of a submission: which functions, where, which of them counts. Nothing is run.

The text is cut into statements exactly as it is when it is graded (autograder/sandbox/inside/chunks.py), so a function
that does not parse takes no other one with it here either.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.sandbox.inside.chunks import BrokenChunk, parse
from autograder.submission.cell_map import CellMap
from autograder.submission.source import Source, Submission

Kind = Literal["written", "stub", "broken", "imported"]
_BLOCKS = ("body", "orelse", "finalbody", "handlers")
_THERE = frozenset({"numpy", "__future__"}) | sys.stdlib_module_names


@dataclass(frozen=True)
class Definition:
    """A name that is defined at the margin. cell: of a notebook, else None. detail: why it does not parse, or what it
    is imported from."""

    name: str
    kind: Kind
    cell: int | None
    line: int
    detail: str = ""


@dataclass(frozen=True)
class FoundFunction:
    """A function that an exercise asks for. counts: its definition that is graded, None without one; others: the ones
    before it, which are not looked at."""

    function: str
    counts: Definition | None = None
    others: tuple[Definition, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether there is something to grade."""
        return self.counts is not None and self.counts.kind == "written"


@dataclass(frozen=True)
class FoundExercise:
    """An exercise. origin: the file that counts for it, "" without one; refused: why that is not taken."""

    exercise: str
    origin: str
    functions: tuple[FoundFunction, ...]
    refused: str = ""

    @property
    def begun(self) -> bool:
        """Whether anything of it is there, be it only a file that cannot be read."""
        return bool(self.refused) or any(found.counts for found in self.functions)

    @property
    def ready(self) -> bool:
        """Whether every function is written."""
        return not self.refused and all(found.ready for found in self.functions)


@dataclass(frozen=True)
class Remark:
    """A line at the margin that does not do, when it is graded, what it does in the student's notebook."""

    origin: str
    cell: int | None
    line: int
    what: Literal["asks", "module"]
    name: str = ""


def preview(submission: Submission, functions: Mapping[str, Iterable[str]]) -> tuple[list[FoundExercise], list[Remark]]:
    """functions: exercise → the functions that it asks for. Exercises in that order, remarks in the text's."""
    texts: dict[str, Sequence[Definition]] = {}
    remarks: dict[Remark, None] = {}
    seen = []
    for exercise, names in functions.items():
        refused = submission.refused.get(exercise)
        source = None if refused else submission.sources.get(exercise) or submission.module
        if source and source.sha256 not in texts:
            texts[source.sha256], said = _read(source)
            remarks |= dict.fromkeys(said)
        made = texts[source.sha256] if source else ()
        found = tuple(_find(name, made) for name in names)
        origin = refused.origin if refused else source.origin if source else ""
        seen.append(FoundExercise(exercise, origin, found, refused.reason if refused else ""))
    return seen, list(remarks)


def _find(name: str, definitions: Sequence[Definition]) -> FoundFunction:
    """The last one counts; one that does not parse only where there is no other, because it defines nothing."""
    mine = [definition for definition in definitions if definition.name == name]
    sound = [definition for definition in mine if definition.kind != "broken"]
    counts = next(reversed(sound or mine), None)
    return FoundFunction(name, counts, tuple(definition for definition in mine if definition is not counts))


def _read(source: Source) -> tuple[list[Definition], list[Remark]]:
    """What a text defines, in order, and what will be otherwise in it."""
    places = CellMap(source.text, source.origin.casefold().endswith(".ipynb"))
    made: list[Definition] = []
    said: list[Remark] = []
    for statement in parse(source.text, "answer.py"):
        if isinstance(statement, BrokenChunk):
            cell, line = _place(places, statement.line)
            made += [Definition(name, "broken", cell, line, statement.detail) for name in statement.names]
            continue
        if isinstance(statement, ast.Delete):
            gone = {target.id for target in statement.targets if isinstance(target, ast.Name)}
            made = [definition for definition in made if definition.name not in gone]
        made += [Definition(name, kind, *_place(places, line), detail)
                 for name, kind, line, detail in _defined(statement)]  # fmt: skip
        said += [Remark(source.origin, *_place(places, line), what, name)
                 for line, what, name in _otherwise(statement)]  # fmt: skip
    return made, said


def _place(places: CellMap, line: int) -> tuple[int | None, int]:
    return places.find(line) or (None, line)


def _defined(statement: ast.AST) -> Iterator[tuple[str, Kind, int, str]]:
    """Names, at any depth of `if` and `try`, but not inside of functions."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield statement.name, "stub" if _is_stub(statement.body) else "written", statement.lineno, ""
        case ast.ClassDef():
            yield statement.name, "written", statement.lineno, ""
        case ast.ImportFrom():
            for alias in statement.names:
                yield alias.asname or alias.name, "imported", statement.lineno, statement.module or "."
        case ast.Assign() | ast.AnnAssign() if statement.value:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for node in (node for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)):
                yield node.id, "written", node.lineno, ""
        case _:
            for inner in (inner for block in _BLOCKS for inner in getattr(statement, block, [])):
                yield from _defined(inner)


def _is_stub(body: Sequence[ast.stmt]) -> bool:
    """Nothing but a docstring, or a `raise NotImplementedError` that any call would come to."""
    left = [statement for statement in body if not isinstance(statement, ast.Pass)]
    left = [item for item in left if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    return not left or any(map(_is_unwritten, left))


def _is_unwritten(statement: ast.stmt) -> bool:
    raised = statement.exc if isinstance(statement, ast.Raise) else None
    named = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(named, ast.Name) and named.id == "NotImplementedError"


def _otherwise(statement: ast.stmt) -> Iterator[tuple[int, Literal["asks", "module"], str]]:
    """`input()` that runs when the text is loaded, and modules that are not there then."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for node in ast.walk(statement):
        line = getattr(node, "lineno", statement.lineno)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "input":
            yield line, "asks", "input()"
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        for top in dict.fromkeys(module.partition(".")[0] for module in modules):
            if top not in _THERE:
                yield line, "module", top
