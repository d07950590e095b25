"""nbgrader preprocessors that repair a notebook's cells and grade its checks in the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from autograder.errors import UsageError
from autograder.frontends.nbgrader.mend import exercise_of, mend
from autograder.frontends.nbgrader.verdicts import CellVerdict, grade_folder

Resources = dict[str, Any]


class MendCells(NbGraderPreprocessor):
    """Preprocessor that restores graded cells that were copied, deleted or stripped of their metadata."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook with every graded cell once, and log each repair."""
        facts = resources["nbgrader"]
        with Gradebook(facts["db_url"]) as book:
            given = _given(book, facts["notebook"], facts["assignment"])
        cells, messages = mend([dict(cell) for cell in nb.cells], given)
        for sentence in messages:
            self.log.warning("%s: %s", facts["student"], sentence)
        nb.cells = from_dict(cells)
        return nb, resources


def _given(book: Gradebook, notebook: str, assignment: str) -> dict[str, dict[str, Any]]:
    """Return id → cell, as nbgrader's gradebook holds it."""
    kept = book.find_notebook(notebook, assignment)
    points = {cell.name: cell.max_score for cell in kept.grade_cells}
    solutions = {cell.name for cell in kept.solution_cells}
    return {cell.name: _cell(cell, points.get(cell.name), cell.name in solutions) for cell in kept.source_cells}


def _cell(kept: Any, points: float | None, solution: bool) -> dict[str, Any]:
    facts = {
        "schema_version": 3, "grade_id": kept.name, "grade": points is not None, "solution": solution, "task": False,
        "locked": kept.locked, "checksum": kept.checksum, "cell_type": kept.cell_type,
    }  # fmt: skip
    if points is not None:
        facts["points"] = points
    cell = {"cell_type": kept.cell_type, "id": kept.name, "metadata": {"nbgrader": facts}, "source": kept.source}
    return cell | {"outputs": [], "execution_count": None} if kept.cell_type == "code" else cell


class GradeInSandbox(NbGraderPreprocessor):
    """Preprocessor that replaces nbgrader's Execute: no kernel runs, and each check outputs the sandbox's verdict."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook with an explanation and a float below each check.

        Raises where a cell cannot be graded, so that nbgrader reports the submission instead of giving points.
        """
        checks = {cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if _is_code_check(cell)}
        foreign = [name for name in checks if not exercise_of(name)]
        if foreign:
            words = "is a test of your own, which only a kernel can run: make the course with --kernel."
            raise UsageError(f"{', '.join(foreign)} {words}")
        for name, verdict in grade_folder(self._folder(resources["nbgrader"]), list(map(exercise_of, checks))).items():
            cell = checks[f"{name}-check"]
            cell.outputs = _outputs(verdict, float(cell.metadata.nbgrader.points))
        return nb, resources

    def _folder(self, facts: dict[str, str]) -> Path:
        """Return the folder of the unchanged submission."""
        courses = CourseDirectory(parent=self, config=self.config)
        return Path(courses.format_path(courses.submitted_directory, facts["student"], facts["assignment"]))


def _is_code_check(cell: NotebookNode) -> bool:
    return bool(cell.cell_type == "code" and is_grade(cell) and not is_solution(cell))


def _outputs(verdict: CellVerdict, points: float) -> list[NotebookNode]:
    """Return the outputs of a check: the explanation, then the grade, a plain float from 0 to the cell's points."""
    words = {"text/plain": verdict.text, "text/html": verdict.html}
    shown = {"output_type": "display_data", "data": words, "metadata": {}}
    result = {
        "output_type": "execute_result", "data": {"text/plain": repr(verdict.of(points))}, "metadata": {},
        "execution_count": None,
    }  # fmt: skip
    return [from_dict(shown), from_dict(result)]
