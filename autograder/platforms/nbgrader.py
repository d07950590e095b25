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
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.errors import UsageError
from autograder.platforms.graded import add_results, take_results
from autograder.render.page import amount
from autograder.report.report import Report

HELP = "write scores into an nbgrader gradebook"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add RESULTS --db FILE [--course-id ID] to the parser."""
    add_results(parser)
    parser.add_argument("--db", metavar="FILE", required=True, help="gradebook.db, or a database's URL")
    parser.add_argument("--course-id", metavar="ID", default="",
                        help="nbgrader's name of the course, where the assignment is new (default: default_course)")


def export(args: argparse.Namespace) -> int:
    """Write the scores; return 0 if all are in the gradebook, 1 if some are left out."""
    import importlib.util

    if importlib.util.find_spec("nbgrader") is None:
        raise UsageError("nbgrader is not installed; run: pip install 'nbgrader>=0.9.3,<0.10'")
    url = args.db if "://" in args.db else f"sqlite:///{Path(args.db).absolute()}"
    scores, left = write(url, args.course_id or "default_course", take_results(args, lambda report: report))
    for sentence in left:
        print(f"handgrad: not in the gradebook: {sentence}", file=sys.stderr)
    print(f"{args.db}: {amount(scores.total(), 'score')} of {amount(len(scores), 'student')}.")
    return 1 if left else 0


def write(url: str, course_id: str, reports: Sequence[Report]) -> tuple[Counter[str], list[str]]:
    """Write all reports into the gradebook at `url`, which is created if missing.

    Return student → number of scores written, and a sentence for each score left out.

    UsageError, and nothing written, if the gradebook has other maxima than the reports, or is in use.
    """
    from sqlalchemy.exc import OperationalError

    scores, left = Counter[str](), list[str]()
    most: dict[tuple[str, str], float] = {}
    for report in reports:
        for each in report.exercises:
            most[each.unit, each.name] = max(each.max_score, most.get((each.unit, each.name), 0.0))
    try:
        with warnings.catch_warnings(), _opened(url, course_id) as book:
            checks = {key: _check(book, *key, points) for key, points in sorted(most.items())}
            for report in reports:
                _fill(book, report, checks, scores, left)
            type(book.db).commit(book.db)
    except OperationalError as error:
        raise UsageError(f"{url} cannot be written: {error.orig}. Close what uses it. Nothing was written.") from error
    return scores, left


@contextmanager
def _opened(url: str, course_id: str) -> Iterator[Any]:
    """Open nbgrader's gradebook; changes are kept only if the session's own commit is called inside the block."""
    from nbgrader.api import Gradebook

    warnings.simplefilter("ignore")  # of SQLAlchemy, about nbgrader's mappings
    path = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join((sysconfig.get_path("scripts"), path))  # where nbgrader looks for alembic
    try:
        book = Gradebook(url, course_id)
    finally:
        os.environ["PATH"] = path
    book.db.commit = book.db.flush
    try:
        yield book
    finally:
        book.close()  # uncommitted changes are discarded


def _check(book: Any, unit: str, exercise: str, most: float) -> Any:
    """Return the exercise's grade cell in any notebook of the assignment; add it if missing."""
    name = f"{exercise}-check"
    notebooks = book.update_or_create_assignment(unit).notebooks
    found = next((cell for notebook in notebooks for cell in notebook.grade_cells if cell.name == name), None)
    if found is None:
        book.update_or_create_notebook(unit, unit)
        found = book.add_grade_cell(name, unit, unit, max_score=most, cell_type="code")
    if abs(found.max_score - most) > 1e-6:
        raise UsageError(
            f"{exercise} is worth {found.max_score:g} points in the gradebook and {most:g} in the results. "
            "Grade with the course that the assignment was made of, and give its cells the weights of course.toml. "
            "Nothing was written."
        )
    return found


def _fill(book: Any, report: Report, checks: Mapping[tuple[str, str], Any], scores: Counter[str],
          left: list[str]) -> None:  # fmt: skip
    """Write the scores of a report; a student without answers in a unit gets no submission for it."""
    from nbgrader.api import Grade, MissingEntry

    handed_in = {each.unit for each in report.exercises if each.source is not None or each.status == "broken"}
    at = datetime.fromisoformat(report.submitted_at).astimezone(UTC) if report.submitted_at else None
    grades: dict[tuple[str, str], Any] = {}
    notebooks: dict[str, Any] = {}
    for unit in sorted(handed_in):
        try:
            submission = book.find_submission(unit, report.submission)
        except MissingEntry:
            book.update_or_create_student(report.submission)
            submission = book.add_submission(unit, report.submission, timestamp=at and at.replace(tzinfo=None))
        notebooks |= {each.notebook_id: each for each in submission.notebooks}
        grades |= {(each.notebook_id, grade.cell_id): grade for each in submission.notebooks for grade in each.grades}
    for each in (each for each in report.exercises if each.unit in handed_in):
        check = checks[each.unit, each.name]
        own = notebooks[check.notebook_id]
        grade = grades.get((own.notebook_id, check.id)) or Grade(cell_id=check.id, notebook=own)
        dropped = each.why and not each.max_score
        grade.auto_score = None if each.status == "broken" or dropped else each.score
        grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
        scores[report.submission] += grade.auto_score is not None
        if each.status == "broken":
            left.append(f"{report.submission}: the grader failed in {each.name}; grade it again")
        elif dropped:
            words = f"{each.name} does not count ({each.why}), which nbgrader's gradebook cannot say"
            left.append(f"{report.submission}: {words}")
