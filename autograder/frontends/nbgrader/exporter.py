"""Exporter for nbgrader that writes a gradebook as handgrad results.

`nbgrader export --exporter=autograder.frontends.nbgrader.exporter.Results --to=results` writes the files of `handgrad
grade`, so every `handgrad export` can read them. The tier is `nbgrader`: its scores were not computed by this engine.
"""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

from autograder.batch.results import ClassTerms, write_class, write_student
from autograder.report.report import ExerciseReport, Finding, Report, Status


class Results(ExportPlugin):
    """Exporter of grades.csv, grades.jsonl and a record per student, with manual points, extra credit and penalties."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the folder `--to` (results), for the requested students and assignments, or for all."""
        chosen = [a for a in gradebook.assignments if not self.assignment or a.name in map(str, self.assignment)]
        names = [_name(cell) for assignment in chosen for cell in _graded(assignment)]
        students = [s.id for s in gradebook.students if not self.student or s.id in map(str, self.student)]
        reports = (_report(gradebook, student, chosen) for student in sorted(students))
        folder, terms = Path(self.to or "results"), ClassTerms(names)
        count = write_class(folder, (write_student(folder, report, terms) for report in reports), terms)
        self.log.info("Exported %d students to %s", count, self.to or "results")


def _graded(assignment: Any) -> list[Any]:
    return [cell for book in assignment.notebooks for cell in (*book.grade_cells, *book.task_cells)]


def _name(cell: Any) -> str:
    return str(cell.name.removesuffix("-check"))


def _report(gradebook: Gradebook, student: str, assignments: list[Any]) -> Report:
    exercises: list[ExerciseReport] = []
    penalty, stamp = 0.0, None
    for assignment in assignments:
        unit = assignment.name
        try:
            submission = gradebook.find_submission(unit, student)
        except MissingEntry:
            exercises += [ExerciseReport(_name(cell), unit, "skipped", 0.0, cell.max_score)
                          for cell in _graded(assignment)]  # fmt: skip
            continue
        exercises += [_exercise(grade, unit) for notebook in submission.notebooks for grade in notebook.grades]
        penalty += submission.late_submission_penalty or 0.0
        stamp = max(filter(None, [stamp, submission.timestamp]), default=None)
    score = max(0.0, sum(exercise.score for exercise in exercises) - penalty)
    notes = (f"{penalty:g} points are taken off for being late.",) if penalty else ()
    at = stamp.replace(tzinfo=UTC).isoformat() if stamp else None
    most = sum(exercise.max_score for exercise in exercises)
    return Report(student, "nbgrader", score, most, tuple(exercises), notes, submitted_at=at, clock="lms" if at else "")


def _exercise(grade: Any, unit: str) -> ExerciseReport:
    """Return the report of a cell; a cell that still needs manual grading is broken, so that it has no score."""
    if grade.needs_manual_grade and grade.manual_score is None:
        finding = Finding("grader", "", "broken", message="This cell is still to be graded by hand.")
        return ExerciseReport(_name(grade), unit, "broken", 0.0, grade.max_score, (finding,))
    status: Status = "passed" if grade.score >= grade.max_score else "failed"
    return ExerciseReport(_name(grade), unit, status, grade.score, grade.max_score)
