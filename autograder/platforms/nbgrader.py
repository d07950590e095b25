"""nbgrader: scores written into its gradebook, which `nbgrader export` and formgrader read, in one transaction.

A unit is an assignment with a notebook of the same name; an exercise is the grade cell `<exercise>-check`, as in the
notebooks of `handgrad build` and `handgrad nbgrader init`. Scores entered by hand are unchanged and take precedence.
"""

from __future__ import annotations

import argparse
import os
import sys
import sysconfig
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from autograder.errors import UsageError
from autograder.platforms.graded import add_results, take_results
from autograder.report.report import ExerciseReport, Report

HELP = "write scores into an nbgrader gradebook"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS --db FILE [--course-id ID]."""
    add_results(parser)
    parser.add_argument("--db", metavar="FILE", required=True, help="gradebook.db, or a database's URL")
    parser.add_argument(
        "--course-id", metavar="ID", default="",
        help="nbgrader's name of the course, where the assignment is new (default: default_course)",
    )  # fmt: skip


def export(args: argparse.Namespace) -> int:
    """Write the scores; return 0 if all are in the gradebook, 1 if some are left out."""
    import importlib.util

    if importlib.util.find_spec("nbgrader") is None:
        raise UsageError("nbgrader is not installed; run: pip install 'nbgrader>=0.9.3,<0.10'")
    url = args.db if "://" in args.db else f"sqlite:///{Path(args.db).absolute()}"
    written = write(url, args.course_id or "default_course", take_results(args, lambda report: report))
    for sentence in written.left:
        print(f"handgrad: not in the gradebook: {sentence}", file=sys.stderr)
    print(f"{args.db}: {written.scores} scores of {len(written.students)} students.")
    return 1 if written.left else 0


Row = dict[str, Any]


@dataclass
class Written:
    """The outcome of writing."""

    scores: int = 0
    """Number of scores written."""
    students: set[str] = field(default_factory=set)
    """Students with scores."""
    left: list[str] = field(default_factory=list)
    """A sentence for each score left out."""

    def note(self, student: str, exercise: ExerciseReport, score: float | None) -> None:
        """Count one cell's score; None adds the reason why there is none."""
        self.scores += score is not None
        if score is None:
            failed = f"the grader failed in {exercise.name}; grade it again"
            dropped = f"{exercise.name} does not count ({exercise.why}), which nbgrader's gradebook cannot say"
            self.left.append(f"{student}: {failed if exercise.status == 'broken' else dropped}")


def write(url: str, course_id: str, reports: Sequence[Report]) -> Written:
    """Write all reports into the gradebook at `url`, which is created if missing.

    UsageError, and nothing written, if the gradebook has other maxima than the reports, or is in use.
    """
    from sqlalchemy.exc import OperationalError

    written = Written()
    try:
        with warnings.catch_warnings(), _opened(url, course_id) as session:
            for unit, exercises in _units(reports).items():
                _Assignment(session, course_id, unit, exercises).fill(reports, written)
            session.commit()
    except OperationalError as error:
        words = f"{url} cannot be written: {error.orig}. Close what uses it. Nothing was written."
        raise UsageError(words) from error
    return written


@contextmanager
def _opened(url: str, course_id: str) -> Iterator[Any]:
    from nbgrader.api import Gradebook

    warnings.simplefilter("ignore")  # of SQLAlchemy, about nbgrader's mappings
    path = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join((sysconfig.get_path("scripts"), path))  # where nbgrader looks for alembic
    try:
        book = Gradebook(url, course_id)
    finally:
        os.environ["PATH"] = path
    try:
        yield book.db
    finally:
        book.close()  # uncommitted changes are discarded


def _units(reports: Sequence[Report]) -> dict[str, dict[str, float]]:
    """Return unit → exercise → its largest maximum in the reports."""
    units: dict[str, dict[str, float]] = {}
    for report in reports:
        for exercise in report.exercises:
            unit = units.setdefault(exercise.unit, {})
            unit[exercise.name] = max(exercise.max_score, unit.get(exercise.name, 0.0))
    return dict(sorted(units.items()))


class _Assignment:
    """One assignment of the gradebook: its cells, and the rows of the students who submitted it."""

    def __init__(self, session: Any, course_id: str, name: str, exercises: Mapping[str, float]) -> None:
        from nbgrader import api

        self._api, self._session, self._name = api, session, name
        self._id = self._find_or_add(api.Assignment, {"name": name}, course_id=course_id).id
        own = self._find_or_add(api.Notebook, {"name": name, "assignment_id": self._id})
        self._checks = {exercise: self._check(own, exercise, most) for exercise, most in exercises.items()}
        self._notebooks = session.query(api.Notebook).filter_by(assignment_id=self._id).all()

    def fill(self, reports: Sequence[Report], written: Written) -> None:
        """Write the scores of these reports; a student without answers in this unit gets no submission."""
        submitted = {report.submission: report for report in reports if self._handed_in(report)}
        notebooks = self._mirror(submitted)
        grades = {(row.notebook_id, row.cell_id): row for row in self._rows(self._api.Grade)}
        changed = []
        for student, report in submitted.items():
            written.students.add(student)
            for exercise in self._own(report):
                check = self._checks[exercise.name]
                grade = grades[notebooks[student, check.notebook_id], check.id]
                dropped = exercise.why and not exercise.max_score
                score = None if exercise.status == "broken" or dropped else exercise.score
                manual = score is None or grade.manual_score is not None
                changed.append({"id": grade.id, "auto_score": score, "needs_manual_grade": manual})
                written.note(student, exercise, score)
        self._session.bulk_update_mappings(self._api.Grade, changed)

    def _mirror(self, submitted: Mapping[str, Report]) -> dict[tuple[str, str], str]:
        """Add missing submissions with all their rows; return (student, notebook) → submitted notebook."""
        api = self._api
        self._ensure(api.Student, ("id",), [{"id": student} for student in submitted])
        stamps = {student: _stamp(report) for student, report in submitted.items()}
        submissions = self._ensure(
            api.SubmittedAssignment, ("assignment_id", "student_id"),
            [{"assignment_id": self._id, "student_id": s, "timestamp": stamp} for s, stamp in stamps.items()],
        )  # fmt: skip
        pairs = [(s, submissions[self._id, s], book) for s in submitted for book in self._notebooks]
        notebooks = self._ensure(
            api.SubmittedNotebook, ("assignment_id", "notebook_id"),
            [{"assignment_id": submission, "notebook_id": book.id} for _, submission, book in pairs],
        )  # fmt: skip
        cells = [(notebooks[submission, book.id], book) for _, submission, book in pairs]
        kinds = {api.Grade: ("grade_cells", "task_cells"), api.Comment: ("solution_cells", "task_cells")}
        for kind, names in kinds.items():
            below = {book.id: [cell.id for name in names for cell in getattr(book, name)] for book in self._notebooks}
            rows = [{"notebook_id": mine, "cell_id": cell} for mine, book in cells for cell in below[book.id]]
            self._ensure(kind, ("notebook_id", "cell_id"), rows)
        return {(student, book.id): notebooks[submission, book.id] for student, submission, book in pairs}

    def _ensure(self, kind: Any, key: Sequence[str], rows: Sequence[Row]) -> dict[Any, str]:
        """Add missing rows, leave the others unchanged, and return key → id of each row."""
        there = {tuple(getattr(row, name) for name in key): row.id for row in self._rows(kind)}
        new = [{"id": uuid4().hex, **row} for row in rows if tuple(row[name] for name in key) not in there]
        self._session.bulk_insert_mappings(kind, new)
        return there | {tuple(row[name] for name in key): row["id"] for row in new}

    def _rows(self, kind: Any) -> Any:
        return self._session.query(kind).yield_per(10_000)

    def _find_or_add(self, kind: Any, by: Row, **more: Any) -> Any:
        found = self._session.query(kind).filter_by(**by).one_or_none()
        if found is None:
            found = kind(**by, **more)
            self._session.add(found)
            self._session.flush()
        return found

    def _check(self, notebook: Any, exercise: str, most: float) -> Any:
        """Return the exercise's grade cell in any notebook of the assignment; add it if missing."""
        api, name = self._api, f"{exercise}-check"
        cells = self._session.query(api.GradeCell).join(api.Notebook, api.Notebook.id == api.GradeCell.notebook_id)
        found = cells.filter(api.Notebook.assignment_id == self._id, api.GradeCell.name == name).one_or_none()
        if found is None:
            facts = {"name": name, "notebook_id": notebook.id}
            found = self._find_or_add(api.GradeCell, facts, max_score=most, cell_type="code")
        if abs(found.max_score - most) > 1e-6:
            raise UsageError(
                f"{exercise} is worth {found.max_score:g} points in the gradebook and {most:g} in the results. "
                "Grade with the course that the assignment was made of, and give its cells the weights of course.toml. "
                "Nothing was written."
            )
        return found

    def _own(self, report: Report) -> list[ExerciseReport]:
        return [exercise for exercise in report.exercises if exercise.unit == self._name]

    def _handed_in(self, report: Report) -> bool:
        return any(exercise.source is not None or exercise.status == "broken" for exercise in self._own(report))


def _stamp(report: Report) -> datetime | None:
    """Return the time of submission as nbgrader stores it: in UTC, without time zone."""
    at = datetime.fromisoformat(report.submitted_at) if report.submitted_at else None
    return at.astimezone(UTC).replace(tzinfo=None) if at else None
