"""Preview which functions a submission defines, where, and which definition counts, without running it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.sandbox.inside.chunks import BrokenChunk
from autograder.submission import syntax
from autograder.submission.archive import gather
from autograder.submission.cell_map import CellMap
from autograder.submission.choice import origin
from autograder.submission.entry import entry_of, is_notebook
from autograder.submission.file import NOTEBOOK, Unreadable
from autograder.submission.notebook import read_cells, without_outputs
from autograder.submission.source import Source, Submission

Kind = Literal["written", "stub", "broken", "imported"]
_BLOCKS = ("body", "orelse", "finalbody", "handlers")
_AVAILABLE = frozenset({"numpy", "__future__"}) | sys.stdlib_module_names


@dataclass(frozen=True)
class Definition:
    """Name that is defined at the top level of a text."""

    name: str
    """Name of the function, class or variable."""
    kind: Kind
    """How it is defined."""
    cell: int | None
    """Cell of a notebook, else None."""
    line: int
    """Line in the cell or file."""
    detail: str = ""
    """Why it does not parse, or the module it is imported from."""


@dataclass(frozen=True)
class FoundFunction:
    """Function that an exercise asks for."""

    function: str
    """Name of the function."""
    counts: Definition | None = None
    """Definition that is graded, None if there is none."""
    others: tuple[Definition, ...] = ()
    """Other definitions, which are not graded."""

    @property
    def ready(self) -> bool:
        """Return whether there is something to grade."""
        return self.counts is not None and self.counts.kind == "written"


@dataclass(frozen=True)
class FoundExercise:
    """Functions of one exercise that a submission holds."""

    exercise: str
    """Name of the exercise."""
    origin: str
    """File that counts for it, "" if there is none."""
    functions: tuple[FoundFunction, ...]
    """Functions that the exercise asks for."""
    refused: str = ""
    """Why the file is refused, "" if it is not."""

    @property
    def begun(self) -> bool:
        """Return whether a function of the exercise, or a refused file for it, was found."""
        return bool(self.refused) or any(found.counts for found in self.functions)

    @property
    def ready(self) -> bool:
        """Return whether every function is written."""
        return not self.refused and all(found.ready for found in self.functions)


@dataclass(frozen=True)
class Remark:
    """Top-level line that behaves differently when it is graded than in the student's notebook."""

    origin: str
    """Path inside the submission."""
    cell: int | None
    """Cell of a notebook, else None."""
    line: int
    """Line in the cell or file."""
    what: Literal["asks", "module"]
    """Difference: "asks" for a call of `input()`, "module" for an import that the sandbox lacks."""
    name: str = ""
    """Function that is called, or module that is imported."""


def preview(submission: Submission, functions: Mapping[str, Iterable[str]]) -> tuple[list[FoundExercise], list[Remark]]:
    """Return the exercises in the order of `functions` (exercise → its functions), and remarks in the text's order."""
    texts: dict[str, Sequence[Definition]] = {}
    remarks: dict[Remark, None] = {}
    previews = []
    for exercise, names in functions.items():
        refused = submission.refused.get(exercise)
        source = None if refused else submission.sources.get(exercise) or submission.module
        if source and source.sha256 not in texts:
            texts[source.sha256], remarks_found = _read(source)
            remarks |= dict.fromkeys(remarks_found)
        definitions = texts[source.sha256] if source else ()
        found = tuple(_find(name, definitions) for name in names)
        origin = refused.origin if refused else source.origin if source else ""
        previews.append(FoundExercise(exercise, origin, found, refused.reason if refused else ""))
    return previews, list(remarks)


def _find(name: str, definitions: Sequence[Definition]) -> FoundFunction:
    """Find the last definition of `name`; one that does not parse counts only if there is no other."""
    mine = [definition for definition in definitions if definition.name == name]
    sound = [definition for definition in mine if definition.kind != "broken"]
    counts = next(reversed(sound or mine), None)
    return FoundFunction(name, counts, tuple(definition for definition in mine if definition is not counts))


def _read(source: Source) -> tuple[list[Definition], list[Remark]]:
    """Return the definitions of a text in order, and the remarks on it."""
    places = CellMap(source.text, source.origin.casefold().endswith(".ipynb"))
    definitions: list[Definition] = []
    remarks: list[Remark] = []
    for statement in syntax.statements(source.text):
        if isinstance(statement, BrokenChunk):
            cell, line = _place(places, statement.line)
            definitions += [Definition(name, "broken", cell, line, statement.detail) for name in statement.names]
            continue
        if isinstance(statement, ast.Delete):
            gone = {target.id for target in statement.targets if isinstance(target, ast.Name)}
            definitions = [definition for definition in definitions if definition.name not in gone]
        definitions += [Definition(name, kind, *_place(places, line), detail)
                        for name, kind, line, detail in _defined(statement)]  # fmt: skip
        remarks += [Remark(source.origin, *_place(places, line), what, name)
                    for line, what, name in _differences(statement)]  # fmt: skip
    return definitions, remarks


def _place(places: CellMap, line: int) -> tuple[int | None, int]:
    return places.find(line) or (None, line)


def _defined(statement: ast.AST) -> Iterator[tuple[str, Kind, int, str]]:
    """Yield names at any depth of `if` and `try`, but not inside functions."""
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
    """Return whether the body is only a docstring, or always reaches a `raise NotImplementedError`."""
    left = [statement for statement in body if not isinstance(statement, ast.Pass)]
    left = [item for item in left if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    return not left or any(map(_is_unwritten, left))


def _is_unwritten(statement: ast.stmt) -> bool:
    raised = statement.exc if isinstance(statement, ast.Raise) else None
    named = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(named, ast.Name) and named.id == "NotImplementedError"


def _differences(statement: ast.stmt) -> Iterator[tuple[int, Literal["asks", "module"], str]]:
    """Yield calls of `input()` that run when the text is loaded, and imports of modules that are not available."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for node in ast.walk(statement):
        line = getattr(node, "lineno", statement.lineno)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "input":
            yield line, "asks", "input()"
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        for top in dict.fromkeys(module.partition(".")[0] for module in modules):
            if top not in _AVAILABLE:
                yield line, "module", top


_LEAST_REPORTED = 1_000


@dataclass(frozen=True)
class Unread:
    """Unread content of one notebook."""

    origin: str
    """Path inside the submission, escaped."""
    outputs: int
    """Bytes of outputs, 0 if there are few."""
    lines: tuple[tuple[int, int], ...]
    """(cell, line) of each magic, shell line and question."""


def find_unread(path: Path, names: Collection[str] = ()) -> list[Unread]:
    """Return one record for each notebook with unread content; notebooks that cannot be read are skipped."""
    try:
        files = gather(entry_of(path)).files
    except (Unreadable, OSError):
        return []
    found = []
    for parts in filter(lambda parts: is_notebook(parts[-1]), files):
        try:
            data = files[parts].read(NOTEBOOK)
            lean = without_outputs(data)
            cells = read_cells(lean, names)
        except Unreadable:
            continue
        lines = tuple((cell.number, line) for cell in cells for line in cell.changed)
        outputs = len(data) - len(lean)
        found.append(Unread(origin(parts), outputs if outputs >= _LEAST_REPORTED else 0, lines))
    return [each for each in found if each.outputs or each.lines]
