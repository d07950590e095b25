"""Notebook of a unit: its page, with the exercises to write and to check after each section.

The students' notebook and the one for nbgrader's source/, with answers and grading cells, are made of the same cells.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from autograder.authoring.build.stub import BEGIN, END
from autograder.authoring.build.unit import Unit

Kind = Literal["text", "code", "sketch", "locked", "solution", "check"]
"""Text is Markdown; code may be changed; sketch is code that fails until an exercise is written; locked is restored
before grading; solution is written by students; check earns the points."""
_NAME = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook."""

    id: str
    """Stable id; also nbgrader's grade_id, where the cell has one."""
    kind: Kind
    source: str
    points: float = 0.0
    """Points of a check."""
    pictures: Mapping[str, str] = field(default_factory=dict)
    """File name → base64 of a PNG that the text shows as attachment:name."""


def cell_id(*words: str) -> str:
    """Return a stable cell id of at most 64 characters, made of words such as an exercise and a function."""
    name = "-".join(_NAME.sub("-", word).strip("-") for word in words if word)
    return name if len(name) <= 64 else f"{name[:55]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def metadata(cell: Cell, *, released: bool) -> dict[str, Any]:
    """Return a cell's metadata; a graded cell has nbgrader's, schema 3. released: for the notebook of students."""
    if cell.kind in ("text", "code", "sketch"):
        return {"tags": ["raises-exception"]} if cell.kind == "sketch" else {}  # Jupyter then runs the next cells
    grade, solution = cell.kind == "check", cell.kind == "solution"
    facts = {"schema_version": 3, "grade_id": cell.id, "grade": grade, "solution": solution, "locked": not solution,
             "task": False, **({"points": cell.points} if grade else {})}  # fmt: skip
    if not released:
        return {"nbgrader": facts}
    # nbgrader's checksum, by which it recognises an unchanged answer and a changed check.
    words = [cell.source, "code", grade, solution, not solution, cell.id, *([float(cell.points)] if grade else [])]
    checksum = hashlib.md5("".join(map(str, words)).encode(), usedforsecurity=False).hexdigest()
    facts |= {"cell_type": "code", "checksum": checksum}
    return {"nbgrader": facts, "deletable": False, **({} if solution else {"editable": False})}


_ANSWER = re.compile(rf"^([ \t]*){BEGIN}[ \t]*$.*?^[ \t]*{END}[ \t]*$", re.MULTILINE | re.DOTALL)
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


def student_notebook(unit: Unit) -> str:
    """Return the JSON of the students' notebook: stubs, checks, and nbgrader's metadata of a released assignment."""
    cells = [replace(cell, source=_ANSWER.sub(rf"\1{STUB}", cell.source)) if cell.kind == "solution" else cell
             for cell in _cells(unit)]  # fmt: skip
    return _json(unit, cells, released=True)


def source_notebook(unit: Unit) -> str:
    """Return the JSON of the notebook from which nbgrader's generate_assignment makes the students' notebook."""
    cells = [replace(cell, source=_GRADE + cell.source) if cell.kind == "check" else cell for cell in _cells(unit)]
    return _json(unit, cells, released=False)


def _cells(unit: Unit) -> Iterator[Cell]:
    yield Cell("title", "text", f"# {unit.page.title}\n\n{unit.page.text}\n\n{_HOW}")
    imports = {line for name in unit.exercises for line in unit.statements[name].imports}
    numpy = {line for line in imports if "numpy" in line}
    compared = any(exercise.gradients for exercise in unit.exercises.values())
    groups = [sorted(imports - numpy, key=lambda line: (line.startswith("from"), line)), sorted(numpy),
              [f"from autograder import check, {'gradcheck, ' if compared else ''}plots"]]  # fmt: skip
    yield Cell("setup", "locked", "\n\n".join("\n".join(group) for group in groups if group))
    names = [name for section in unit.page.sections for name in section.exercises]
    points = sum(unit.exercises[name].max_score for name in names)
    words = f"**In this unit** – {len(names)} exercises, {points:g} points\n"
    lines = [f"{place}. [{name}](#{name}) {unit.page.contents.get(name, '')}" for place, name in enumerate(names, 1)]
    yield Cell("contents", "text", "\n".join([words, *map(str.rstrip, lines)]))
    for section in unit.page.sections:
        if section.title:
            text = f"## {section.title}\n\n{section.text}"
            shown = {path: picture for path, picture in unit.pictures.items() if f"]({path})" in text}
            for path, (file, _) in shown.items():
                text = text.replace(f"]({path})", f"](attachment:{file})")
            yield Cell(cell_id("section", section.title), "text", text, pictures=dict(shown.values()))
        for name in section.exercises:
            yield from _exercise(unit, name)


def _exercise(unit: Unit, name: str) -> Iterator[Cell]:
    statement, points = unit.statements[name], unit.exercises[name].max_score
    head = f"### {name}\n\n**{statement.title}** · {points:g} points\n\n{statement.text}".rstrip()
    given = 0
    for place, part in enumerate(statement.parts):
        given += not part.name
        label = part.name or f"given{given if given > 1 else ''}"
        yield Cell(cell_id(name, label, "text"), "text", f"{head}\n\n{part.text}" if place == 0 else part.text)
        yield Cell(cell_id(name, label), "solution" if part.name else "code", part.code)
    if unit.exercises[name].gradients:
        yield Cell(cell_id(name, "gradcheck"), "sketch", f'gradcheck("{name}")')
    yield Cell(cell_id(name, "check"), "check", f'check("{name}")', points=points)
    for number, code in enumerate(unit.sketches.get(name, ()), 1):
        yield Cell(cell_id(name, "plot", str(number)), "sketch", code)


def _json(unit: Unit, cells: Iterable[Cell], *, released: bool) -> str:
    """Return the JSON of a notebook with these cells, in the format 4.5, as nbformat writes it."""
    nodes = []
    for cell in cells:
        lines = cell.source.splitlines(keepends=True)
        node: dict[str, Any] = {"id": cell.id, "metadata": metadata(cell, released=released), "source": lines}
        if cell.kind == "text":
            nodes.append(node | {"cell_type": "markdown"})
        else:
            nodes.append(node | {"cell_type": "code", "execution_count": None, "outputs": []})
        if cell.pictures:
            nodes[-1]["attachments"] = {file: {"image/png": data} for file, data in cell.pictures.items()}
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    facts = {"kernelspec": kernel, "language_info": {"name": "python"}, "handgrad": {"unit": unit.name}}
    book = {"cells": nodes, "metadata": facts, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
