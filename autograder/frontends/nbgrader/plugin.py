"""nbgrader preprocessors that repair a notebook's cells and grade its checks in the sandbox.

Repair: nbgrader stops the whole class at a cell that was copied with its metadata, and gives no grade for one that was
deleted or whose metadata an editor removed. Only metadata and the given cells are changed, never a student's code.
Checks are graded by the notebooks' checking process.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from autograder.errors import UsageError
from autograder.frontends.notebook.checking import COURSE, SERVICE
from autograder.render.html import panel
from autograder.render.terminal import feedback_text
from autograder.report.report import ExerciseReport, Report
from autograder.sandbox.doctor import choose

Cell = dict[str, Any]
_SUFFIX = "-check"


def exercise_of(grade_id: str) -> str:
    """Return the exercise whose check has this cell id; "" for the id of any other cell."""
    return grade_id.removesuffix(_SUFFIX) if grade_id.endswith(_SUFFIX) else ""


def mend(cells: list[Cell], given: Mapping[str, Cell]) -> tuple[list[Cell], list[str]]:
    """Return the repaired cells, and a sentence for each repair. given: id → released cell."""
    mended, messages = [copy.deepcopy(cell) for cell in cells], list[str]()
    for cell in mended:
        if _id(cell) not in given:
            cell.get("metadata", {}).pop("nbgrader", None)
    known = set(map(_id, mended))
    lines = {_last_line(cell): name for name, cell in given.items() if _facts(cell).get("grade")}
    for cell in mended:  # recognised by its own id, or, a check, by its last line
        name = cell.get("id") if cell.get("id") in given else lines.get(_last_line(cell))
        if name is not None and name not in known and not _facts(cell):
            cell.setdefault("metadata", {})["nbgrader"] = copy.deepcopy(_facts(given[name]))
            known.add(name)
            messages.append(f"{name} had lost its metadata and is recognised.")
    seen = {""}
    for cell in reversed(mended):  # as the last definition counts
        name = _id(cell)
        if name and name in seen:
            del cell["metadata"]["nbgrader"]
            messages.append(f"{name} is there twice; the last one counts.")
        seen.add(name)
    for name in (name for name, cell in given.items() if _facts(cell).get("grade") and name not in seen):
        start = f"{exercise_of(name)}-"
        own = [place for place, cell in enumerate(mended, 1) if (_id(cell) or str(cell.get("id"))).startswith(start)]
        place = own[-1] if own and exercise_of(name) else len(mended)
        mended.insert(place, copy.deepcopy(given[name]))
        messages.append(f"{name} was missing and is put back.")
    return mended, messages


def _facts(cell: Cell) -> dict[str, Any]:
    facts = cell.get("metadata", {}).get("nbgrader")
    return facts if isinstance(facts, dict) else {}


def _id(cell: Cell) -> str:
    return str(_facts(cell).get("grade_id") or "")


def _last_line(cell: Cell) -> str:
    """Return the last line of the source, which is what students see of a grading check."""
    source = cell.get("source", "")
    text = "".join(source) if isinstance(source, list) else str(source)
    return text.rstrip().rpartition("\n")[2]


def grade_folder(folder: Path, names: Sequence[str]) -> Report:
    """Return the report on a folder, read as `handgrad grade` reads it.

    Raises where the grader itself failed in an exercise, so that no wrong score is given, and where nothing confines
    the code: scores in a gradebook are grades, and the rule is that of `handgrad grade --official`.
    """
    request = {"path": str(folder), "names": list(names), "tier": _tier(), "course": os.environ.get(COURSE, ".")}
    report = SERVICE.ask(request)
    broken = [exercise.name for exercise in report.exercises if exercise.status == "broken"]
    if broken:
        raise RuntimeError(f"the grader failed, not the answer, in {', '.join(broken)}. Grade this submission again.")
    return report


@cache
def _tier() -> str:
    return choose(None, official=True)


Resources = dict[str, Any]


class MendCells(NbGraderPreprocessor):
    """Preprocessor that restores graded cells that were copied, deleted or stripped of their metadata."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook with every graded cell once, and log each repair."""
        courses, facts = CourseDirectory(parent=self, config=self.config), resources["nbgrader"]
        folder = Path(courses.format_path(courses.release_directory, ".", facts["assignment"]))
        released = nbformat.read(folder / f"{facts['notebook']}.ipynb", as_version=4)
        given = {_id(cell): cell for cell in released.cells if _id(cell)}
        cells, messages = mend([dict(cell) for cell in nb.cells], given)
        for sentence in messages:
            self.log.warning("%s: %s", facts["student"], sentence)
        nb.cells = from_dict(cells)
        return nb, resources


class GradeInSandbox(NbGraderPreprocessor):
    """Preprocessor that replaces nbgrader's Execute: no kernel runs, and each check outputs the sandbox's verdict."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook with an explanation and a float below each check.

        Raises where a cell cannot be graded, so that nbgrader reports the submission instead of giving points.
        """
        cells = (cell for cell in nb.cells if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell))
        checks = {cell.metadata.nbgrader.grade_id: cell for cell in cells}
        foreign = [name for name in checks if not exercise_of(name)]
        if foreign:
            words = "is a test of your own, which only a kernel can run: make the course with --kernel."
            raise UsageError(f"{', '.join(foreign)} {words}")
        if checks:
            courses, facts = CourseDirectory(parent=self, config=self.config), resources["nbgrader"]
            folder = courses.format_path(courses.submitted_directory, facts["student"], facts["assignment"])
            report = grade_folder(Path(folder), list(map(exercise_of, checks)))
            for exercise in report.exercises:
                cell = checks[f"{exercise.name}{_SUFFIX}"]
                cell.outputs = outputs(report, exercise, float(cell.metadata.nbgrader.points))
        return nb, resources


def outputs(report: Report, exercise: ExerciseReport, points: float) -> list[NotebookNode]:
    """Return the outputs of a check: the explanation, then the grade, a plain float from 0 to the cell's points."""
    alone = replace(report, exercises=(exercise,), score=exercise.score, max_score=exercise.max_score)
    words = {"text/plain": feedback_text(alone), "text/html": panel(alone)}
    shown = {"output_type": "display_data", "data": words, "metadata": {}}
    share = exercise.score / exercise.max_score if exercise.max_score else 0.0
    result = {
        "output_type": "execute_result", "data": {"text/plain": repr(min(round(share * points, 6), points))},
        "metadata": {}, "execution_count": None,
    }  # fmt: skip
    return [from_dict(shown), from_dict(result)]
