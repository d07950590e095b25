"""Notebook submissions of twenty students (right, empty, mistaken and hostile), and a course to grade them."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from typing import Any

from autograder.authoring.build.notebook import source_notebook, student_notebook
from autograder.authoring.build.unit import read_units
from benchmarks.answers import COURSE

UNIT = "03_losses"
STUDENTS = 20
_RIGHT, _STUBS, _MISTAKES = 8, 2, 6
_ENDLESS = "    while True:\n        pass"
_CLAIM = "from autograder.frontends import notebook\nnotebook.grade = lambda name: 10.0"
_LEAVE = "    import os\n    os._exit(1)"

Notebook = dict[str, Any]
"""A notebook's JSON; a submission has nbgrader's metadata as in release/."""


def class_of_twenty() -> dict[str, Notebook]:
    """Return student → notebook; no two right answers are the same program."""
    unit = next(unit for unit in read_units(COURSE) if unit.name == UNIT)
    answers = {cell["id"]: "".join(cell["source"]) for cell in json.loads(source_notebook(unit))["cells"]}
    released = student_notebook(unit)
    made = _right(released, answers)
    books = [(f"right{n}", next(made)) for n in range(_RIGHT)]
    books += [(f"stub{n}", json.loads(released)) for n in range(_STUBS)]
    books += [(f"mistake{n}", _mistaken(next(made), n)) for n in range(_MISTAKES)]
    books += [
        ("endless", _with(next(made), "one_hot-one_hot", _ENDLESS)),
        ("leaves", _with(next(made), "l1_loss-l1_loss", _LEAVE)),
        ("ends_the_kernel", _added(next(made), "import os\nos._exit(1)")),
        ("claims", _added(json.loads(released), _CLAIM)),
    ]
    return dict(books)


def _right(released: str, answers: dict[str, str]) -> Iterator[Notebook]:
    number = 0
    while True:
        book, number = json.loads(released), number + 1
        for cell in book["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("solution"):
                cell["source"] = f"{answers[cell['id']]}\n\nstudent = {number}"
        yield book


def _mistaken(book: Notebook, number: int) -> Notebook:
    """Return the notebook with a known mistake, in a different exercise for each number."""
    exercises = [exercise for exercise in COURSE.exercises(COURSE.pick([UNIT])) if exercise.mistakes]
    exercise = exercises[number % len(exercises)]
    mistake = exercise.mistakes[number % len(exercise.mistakes)]
    code = re.sub(r"^@mistake.*\n", "", inspect.getsource(mistake.code), flags=re.MULTILINE)
    code = re.sub(rf"^def {mistake.name}\(", f"def {mistake.function}(", code, flags=re.MULTILINE)
    return _changed(book, f"{exercise.name}-{mistake.function}", f"{code}\nstudent = {100 + number}")


def _with(book: Notebook, cell: str, body: str) -> Notebook:
    source = next("".join(each["source"]) for each in book["cells"] if each["id"] == cell)
    return _changed(book, cell, source.partition("    # BEGIN")[0] + body)


def _changed(book: Notebook, name: str, source: str) -> Notebook:
    cells = [{**cell, "source": source} if cell["id"] == name else cell for cell in book["cells"]]
    return {**book, "cells": cells}


def _added(book: Notebook, source: str) -> Notebook:
    cell = {"cell_type": "code", "id": "own", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    return {**book, "cells": [*book["cells"][:2], cell, *book["cells"][2:]]}
