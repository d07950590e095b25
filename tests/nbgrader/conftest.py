"""Fixtures with the real nbgrader and a course of one tiny unit, in this process where possible, else by its commands.
"""

from __future__ import annotations

import contextlib
import copy
import importlib.util
import json
import os
import shutil
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from autograder.batch import pool
from autograder.batch.worker import ThisProcess, forget_batch
from autograder.course.catalog import Course
from autograder.frontends.nbgrader.course import init

ROOT = Path(__file__).parents[2]
UNIT = "01_tiny"
EXERCISES = ("mean_square", "scale", "softplus")
PAGE = "# 1 · Tiny\n\nText.\n\n## Three\n\n<!-- exercises: mean_square, scale, softplus -->\n"
_FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")

Cell = dict[str, Any]
Notebook = dict[str, Any]


@pytest.fixture(scope="session", autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Set Jupyter's folders, and the path on which nbgrader finds alembic, which says its version once."""
    if not importlib.util.find_spec("nbgrader"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("nbgrader is not installed: pip install '.[jupyter]'")
    before = dict(os.environ)
    scratch = str(tmp_path_factory.mktemp("jupyter"))
    os.environ |= dict.fromkeys(_FOLDERS, scratch)
    os.environ["PATH"] = os.pathsep.join((sysconfig.get_path("scripts"), before.get("PATH", "")))
    from nbgrader import api

    asked = api.get_alembic_version  # with each new gradebook, by a process that takes seconds
    api.get_alembic_version = cache(asked)
    yield
    api.get_alembic_version = asked
    os.environ.clear()
    os.environ |= before


@pytest.fixture(scope="module", autouse=True)
def here(_kept_zygotes: None) -> Iterator[None]:
    """Let our commands grade in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "WorkerPool", lambda jobs: ThisProcess())
        yield
    forget_batch()


@pytest.fixture(scope="session")
def tiny_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Create the tiny course with three of its exercises, and a page for them."""
    root = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "tests/tiny/tiny_oracle.py", root)
    for name in EXERCISES:
        shutil.copytree(ROOT / "tests/tiny/solutions" / UNIT / name, root / "solutions" / UNIT / name)
    (root / "solutions" / UNIT / "README.md").write_text(PAGE, encoding="utf-8")
    return Course(root)


@dataclass
class NbCourse:
    """nbgrader course on disk, with nbgrader's own interface."""

    folder: Path
    assignment: str
    config: Any = field(repr=False)

    @property
    def api(self) -> Any:
        """Return nbgrader's interface in this process."""
        from nbgrader.apps import NbGraderAPI

        return NbGraderAPI(config=self.config)

    @property
    def url(self) -> str:
        """Return the gradebook's URL."""
        return f"sqlite:///{self.folder / 'gradebook.db'}"

    def generate(self) -> Notebook:
        """Generate the students' notebooks."""
        done = self.api.generate_assignment(self.assignment, force=True)
        assert done["success"], done["log"]
        return self.read("release")

    def read(self, step: str, student: str = ".") -> Notebook:
        """Read the notebook of a step."""
        text = (self.folder / step / student / self.assignment / f"{self.assignment}.ipynb").read_text(encoding="utf-8")
        found: Notebook = json.loads(text)
        return found

    def submit(self, student: str, notebook: Notebook, files: Mapping[str, str] | None = None) -> None:
        """Write a submission."""
        home = self.folder / "submitted" / student / self.assignment
        home.mkdir(parents=True, exist_ok=True)
        (home / f"{self.assignment}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        for name, text in (files or {}).items():
            (home / name).write_text(text, encoding="utf-8")

    def autograde(self, student: str) -> dict[str, Any]:
        """Return nbgrader's result: success, log, error."""
        done: dict[str, Any] = self.api.autograde(self.assignment, student, force=True)
        return done

    def scores(self, student: str) -> dict[str, float | None]:
        """Return cell → automatic score in the gradebook."""
        from nbgrader.api import Gradebook

        with Gradebook(self.url) as book:
            found = book.find_submission_notebook(self.assignment, self.assignment, student)
            return {grade.name: grade.auto_score for grade in found.grades}

    def feedback(self, student: str) -> str:
        """Return the page that the student reads."""
        done = self.api.generate_feedback(self.assignment, student, force=True)
        assert done["success"], done["log"]
        page = self.folder / "feedback" / student / self.assignment / f"{self.assignment}.html"
        return page.read_text(encoding="utf-8")

    def command(self, *words: str) -> None:
        """Run one of nbgrader's commands in the course's folder and in this process."""
        from nbgrader.apps import NbGraderApp
        from traitlets.config import Application

        with contextlib.chdir(self.folder):
            NbGraderApp.launch_instance(list(words))  # which raises SystemExit where the command fails
        Application.instance().clear_instance()

    def export(self, exporter: Any, to: Path, url: str = "") -> None:
        """Run `nbgrader export` with an exporter in this process, for one assignment of a gradebook."""
        from nbgrader.api import Gradebook

        with Gradebook(url or self.url) as book:
            exporter(to=str(to), assignment=[self.assignment]).export(book)


def load(folder: Path, assignment: str) -> NbCourse:
    """Load the course of a folder with a nbgrader_config.py, as nbgrader does."""
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", str(folder)).load_config()
    config.CourseDirectory.root = str(folder)
    return NbCourse(folder, assignment, config)


def grades(path: Path) -> dict[str, tuple[float, float]]:
    """Return student → (score, max_score), from the file of `nbgrader export`."""
    head, *rows = (line.split(",") for line in path.read_text(encoding="utf-8").splitlines())
    facts = [dict(zip(head, row, strict=True)) for row in rows]
    return {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in facts}


@dataclass
class Released:
    """Course with a generated assignment, and the notebooks to submit."""

    course: NbCourse
    stub: Notebook
    right: Notebook

    def __getattr__(self, name: str) -> Any:
        return getattr(self.course, name)


def released(course: NbCourse) -> Released:
    """Generate the assignment, and answer it."""
    stub, source = course.generate(), course.read("source")
    answers = {cell["id"]: cell["source"] for cell in source["cells"]}
    right = copy.deepcopy(stub)
    for cell in right["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = answers[cell["id"]]
    return Released(course, stub, right)


@pytest.fixture(scope="session")
def ours(tiny_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Released:
    """Create a course by `handgrad nbgrader init`."""
    folder = tmp_path_factory.mktemp("ours")
    init(tiny_course, folder)
    return released(load(folder, UNIT))


@pytest.fixture(scope="session")
def ours_in_a_kernel(tiny_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Released:
    """Create a course by `handgrad nbgrader init --kernel`."""
    folder = tmp_path_factory.mktemp("kernel")
    init(tiny_course, folder, kernel=True)
    return released(load(folder, UNIT))


Alone = Callable[[str, str], Released]


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Alone:
    """Return alone(solution, test), which creates a usual nbgrader course of one solution and one test cell worth 2
    points."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "alone"\n')
    count = iter(range(100))

    def made(solution: str, test: str) -> Released:
        course = load(folder, f"ps{next(count)}")
        home = folder / "source" / course.assignment
        home.mkdir(parents=True)
        cells = [_cell("answer", solution, solution=True, locked=False), _cell("test", test, grade=True, points=2)]
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        book = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
        (home / f"{course.assignment}.ipynb").write_text(json.dumps(book))
        return released(course)

    return made


def _cell(name: str, code: str, **facts: Any) -> Cell:
    flags = {"schema_version": 3, "grade": False, "solution": False, "task": False, "locked": True, "grade_id": name}
    marks = {"nbgrader": {**flags, **facts}}
    return {"cell_type": "code", "id": name, "metadata": marks, "source": code, "outputs": [], "execution_count": None}


def with_cell(notebook: Notebook, name: str, change: Callable[[str], str]) -> Notebook:
    """Return the notebook with one cell's source changed."""
    changed = copy.deepcopy(notebook)
    for cell in changed["cells"]:
        if cell["id"] == name:
            cell["source"] = change("".join(cell["source"]))
    return changed


def with_new(notebook: Notebook, code: str, place: int = 2) -> Notebook:
    """Return the notebook with an additional cell of the student."""
    cell = {"cell_type": "code", "id": "own", "metadata": {}, "source": code, "outputs": [], "execution_count": None}
    return {**notebook, "cells": [*notebook["cells"][:place], cell, *notebook["cells"][place:]]}


def with_copy(notebook: Notebook, name: str) -> Notebook:
    """Return the notebook with one cell twice, metadata included, as copying it in Jupyter does."""
    place = next(i for i, cell in enumerate(notebook["cells"]) if cell["id"] == name)
    copied = {**copy.deepcopy(notebook["cells"][place]), "id": "copied"}
    return {**notebook, "cells": [*notebook["cells"][: place + 1], copied, *notebook["cells"][place + 1 :]]}
