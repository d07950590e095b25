"""Notebook of a unit: its page, with the exercises to write and to check after each section.

The students' notebook and the one for nbgrader's source/, with answers and grading cells, are made of the same cells.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograder.authoring.build.cells import Cell, cell_id, metadata
from autograder.authoring.build.statement import Statement
from autograder.authoring.build.stub import BEGIN, END
from autograder.authoring.build.unit_page import UnitPage

MISSING = "nbformat is not installed; run: pip install nbformat"
STUB = 'raise NotImplementedError("write this function")'

_HOW = """\
Every exercise below says what to compute; then comes the function that you write. Put your code in the place of
`raise NotImplementedError`, run the cell (Shift+Enter), and run the check below it: it tests your function in a process
of its own, names the mistake where it knows it, and keeps its hints folded until you want one. Begin with this cell:"""
# Prefix of a grading check. The import is in the cell itself, because students' code may rebind the name.
_GRADE = """\
### BEGIN HIDDEN TESTS
from autograder.frontends.notebook import grade as check
### END HIDDEN TESTS
"""


@dataclass(frozen=True)
class Unit:
    """Contents of a unit's notebook."""

    name: str
    page: UnitPage
    exercises: Mapping[str, Statement]
    """Exercise → statement, in teaching order."""
    points: Mapping[str, float]
    """Exercise → its maximum score."""
    pictures: Mapping[str, tuple[str, str]]
    """Path in the page → file name and base64 of a PNG."""
    sketches: Mapping[str, tuple[str, ...]]
    """Exercise → code cells that follow its check."""
    gradients: frozenset[str] = frozenset()
    """Exercises whose gradients are compared with numerical derivatives before their check."""

    def only(self, names: Collection[str]) -> Unit:
        """Return the unit with these exercises; sections that had others only are left out."""
        sections = (
            replace(each, exercises=tuple(name for name in each.exercises if name in names))
            for each in self.page.sections
            if not each.exercises or set(names).intersection(each.exercises)
        )
        exercises = {name: statement for name, statement in self.exercises.items() if name in names}
        return replace(self, page=replace(self.page, sections=tuple(sections)), exercises=exercises)


def available() -> bool:
    """Return whether nbformat is installed."""
    return importlib.util.find_spec("nbformat") is not None


def student_notebook(unit: Unit) -> str:
    """Return the JSON of the students' notebook: stubs, checks, and nbgrader's metadata of a released assignment."""
    return _json(unit, [_released(cell) for cell in _cells(unit)], released=True)


def source_notebook(unit: Unit) -> str:
    """Return the JSON of the notebook from which nbgrader's generate_assignment makes the students' notebook."""
    return _json(unit, [_graded(cell) for cell in _cells(unit)], released=False)


def _released(cell: Cell) -> Cell:
    return replace(cell, source=_cleared(cell.source)) if cell.kind == "solution" else cell


def _graded(cell: Cell) -> Cell:
    return replace(cell, source=_GRADE + cell.source) if cell.kind == "check" else cell


def _cleared(code: str) -> str:
    """Replace each answer by a stub, as nbgrader does with the same markers."""
    lines: list[str] = []
    inside = False
    for line in code.split("\n"):
        if line.strip() == BEGIN:
            lines.append(line.replace(BEGIN, STUB))
            inside = True
        elif line.strip() == END:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)


def _cells(unit: Unit) -> Iterator[Cell]:
    yield Cell("title", "text", f"# {unit.page.title}\n\n{unit.page.text}\n\n{_HOW}")
    yield Cell("setup", "locked", _setup(unit))
    yield Cell("contents", "text", _contents(unit))
    for section in unit.page.sections:
        if section.title:
            yield _text(unit, cell_id("section", section.title), f"## {section.title}\n\n{section.text}")
        for name in section.exercises:
            yield from _exercise(unit, name, unit.exercises[name])


def _setup(unit: Unit) -> str:
    """Return every import of the unit's exercises, and the engine's."""
    imports = {line for statement in unit.exercises.values() for line in statement.imports}
    numpy = {line for line in imports if "numpy" in line}
    groups = [sorted(imports - numpy, key=lambda line: (line.startswith("from"), line)), sorted(numpy)]
    engine = f"from autograder import check, {'gradcheck, ' if unit.gradients else ''}plots"
    return "\n\n".join("\n".join(group) for group in [*groups, [engine]] if group)


def _contents(unit: Unit) -> str:
    names = [name for section in unit.page.sections for name in section.exercises]
    total = sum(unit.points[name] for name in names)
    words = [f"[{name}](#{name}) {unit.page.contents.get(name, '')}".rstrip() for name in names]
    lines = [f"{place}. {text}" for place, text in enumerate(words, 1)]
    return "\n".join([f"**In this unit** – {len(names)} exercises, {total:g} points\n", *lines])


def _exercise(unit: Unit, name: str, statement: Statement) -> Iterator[Cell]:
    points = unit.points[name]
    head = f"### {name}\n\n**{statement.title}** · {points:g} points\n\n{statement.text}".rstrip()
    given = 0
    for place, part in enumerate(statement.parts):
        given += not part.name
        label = part.name or f"given{given if given > 1 else ''}"
        text = f"{head}\n\n{part.text}" if place == 0 else part.text
        yield Cell(cell_id(name, label, "text"), "text", text)
        yield Cell(cell_id(name, label), "solution" if part.name else "code", part.code)
    if name in unit.gradients:
        yield Cell(cell_id(name, "gradcheck"), "sketch", f'gradcheck("{name}")')
    yield Cell(cell_id(name, "check"), "check", f'check("{name}")', points=points)
    for number, code in enumerate(unit.sketches.get(name, ()), 1):
        yield Cell(cell_id(name, "plot", str(number)), "sketch", code)


def _text(unit: Unit, name: str, text: str) -> Cell:
    """Return a text cell with the pictures that it shows."""
    shown = {path: picture for path, picture in unit.pictures.items() if f"]({path})" in text}
    for path, (file, _) in shown.items():
        text = text.replace(f"]({path})", f"](attachment:{file})")
    return Cell(name, "text", text, pictures=dict(shown.values()))


def _json(unit: Unit, cells: Iterable[Cell], *, released: bool) -> str:
    import nbformat
    from nbformat import v4

    book = v4.new_notebook(
        cells=[_node(cell, released) for cell in cells],
        metadata={
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "handgrad": {"unit": unit.name},
        },
    )
    nbformat.validate(book)
    return str(nbformat.writes(book)) + "\n"


def _node(cell: Cell, released: bool) -> Any:
    from nbformat import v4

    facts = metadata(cell, released=released)
    if cell.kind != "text":
        return v4.new_code_cell(cell.source, id=cell.id, metadata=facts)
    node = v4.new_markdown_cell(cell.source, id=cell.id, metadata=facts)
    if cell.pictures:
        node["attachments"] = {file: {"image/png": data} for file, data in cell.pictures.items()}
    return node
