"""The class as an nbgrader course: one notebook of ten test cells, graded by the real `nbgrader autograde`."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.answers import COURSE, TEN
from benchmarks.cells import PREAMBLE, cells
from benchmarks.usage import ROOT, Failed, Usage, measure

_NAME = "ps1"
_CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "benchmark"\n'


class NotebookCourse:
    """Course in `folder` with `students` submissions, all right."""

    def __init__(self, folder: Path, students: int, python: str) -> None:
        self._folder, self._python = folder, python
        folder.mkdir()
        (folder / "nbgrader_config.py").write_text(_CONFIG, encoding="utf-8")
        _write(folder / "source" / _NAME / f"{_NAME}.ipynb", _notebook())
        self._nbgrader("generate_assignment", _NAME)
        released = json.loads((folder / "release" / _NAME / f"{_NAME}.ipynb").read_text(encoding="utf-8"))
        for number in range(students):
            _write(folder / "submitted" / f"s{number:03}" / _NAME / f"{_NAME}.ipynb", _answered(released, number))
        shutil.copy2(folder / "gradebook.db", folder / "ungraded.db")

    def grade(self, students: int) -> Usage:
        """Run `nbgrader autograde` on the first `students`, into a new gradebook; Failed unless all are right."""
        shutil.rmtree(self._folder / "autograded", ignore_errors=True)
        shutil.copy2(self._folder / "ungraded.db", self._folder / "gradebook.db")
        some = [f"--student={','.join(f's{number:03}' for number in range(students))}"] if students == 1 else []
        used = self._nbgrader("autograde", _NAME, "--create", *some)
        self._expect(students)
        return used

    def _nbgrader(self, *words: str) -> Usage:
        scratch = str(self._folder / "jupyter")
        env = {
            # nbgrader starts alembic by its name, and a kernel that must find the reference.
            "PATH": os.pathsep.join((str(Path(self._python).absolute().parent), os.environ.get("PATH", ""))),
            "PYTHONPATH": str(ROOT),
            **dict.fromkeys(("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"), scratch),
        }
        return measure([self._python, "-m", "nbgrader", *words], self._folder, env)

    def _expect(self, students: int) -> None:
        with closing(sqlite3.connect(self._folder / "gradebook.db")) as book:
            found = book.execute("select count(*), sum(auto_score) from grade where auto_score is not null").fetchone()
        if found != (10 * students, 10.0 * students):
            raise Failed(f"nbgrader gave {found[1]} points in {found[0]} cells, expected {10 * students} in as many")


def _notebook() -> dict[str, Any]:
    made = [_cell("preamble", PREAMBLE)]
    made += [_cell(name, COURSE.solution(name), solution=True, locked=False) for name in TEN]
    made += [_cell(f"test_{name}", code, grade=True, points=1) for name, code in cells().items()]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _cell(name: str, code: str, **facts: Any) -> dict[str, Any]:
    flags = {"schema_version": 3, "grade": False, "solution": False, "task": False, "locked": True}
    marks = {"nbgrader": {**flags, "grade_id": name, **facts}}
    return {
        "cell_type": "code", "id": name, "metadata": marks, "source": code, "outputs": [], "execution_count": None
    }  # fmt: skip


def _answered(released: dict[str, Any], number: int) -> dict[str, Any]:
    done = [
        {**cell, "source": f"{COURSE.solution(cell['id'])}\n# s{number:03}"} if cell["id"] in TEN else cell
        for cell in released["cells"]
    ]
    return {**released, "cells": done}


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content), encoding="utf-8")
