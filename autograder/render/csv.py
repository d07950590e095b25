"""Grades as CSV, in which no text is a formula to a spreadsheet, and as lines of JSON.

CSV has a head and one row for each report. A missing exercise is an empty cell. If the grader failed, exercise, score
and percent hold the word broken, and if the run did not reach it, not reached; neither can be taken for a grade.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence

from autograder.render.attention import ClassFacts, attention
from autograder.report.escape import show
from autograder.report.json import written
from autograder.report.report import ExerciseReport, Report

Cell = str | int | float
_FIXED = ("student", "score", "max_score", "percent", "status", "tier")
MARK = ("mark", "max_mark", "days_late", "late_cost", "mark_notes", "mark_reasons")
CLASS = ("name", "section", "graded_at", "look_at")
_FORMULA = frozenset("=+-@\t\r")
_UNREACHED = "not reached"


def head_row(names: Sequence[str], marked: bool = False) -> str:
    """Return the header line. marked: with the columns MARK."""
    return _line([*_FIXED, *(MARK if marked else ()), *CLASS, *map(inert, names)])


def grade_row(report: Report, names: Sequence[str], marked: bool = False, known: ClassFacts = ClassFacts()) -> str:
    """Return one student's line with the points earned in these exercises. marked: with the columns MARK."""
    student, whole, found = report.submission, report.status != "broken", {each.name: each for each in report.exercises}
    percent = _number(100 * report.score / report.max_score, 2) if report.max_score else ""
    missing = _UNREACHED if report.unreached else "broken"
    return _line([
        inert(student), _number(report.score) if whole else missing, _number(report.max_score),
        percent if whole else missing, _UNREACHED if report.unreached else inert(report.status),
        inert(report.tier), *(_mark(report, missing) if marked else ()), inert(known.names.get(student, "")),
        inert(known.sections.get(student, "")), known.graded.get(student, ""),
        inert("; ".join(f"{kind}: {words}" for kind, words in attention(report))),
        *(_cell(found[name]) if name in found else "" for name in names),
    ])  # fmt: skip


def _mark(report: Report, missing: str) -> list[Cell]:
    mark = report.mark
    if mark is None:
        return [""] * len(MARK)
    score = missing if mark.score is None else _number(mark.score)
    notes, why = "; ".join(mark.notes), "; ".join(mark.why)
    return [score, _number(mark.max_score), mark.days_late, _number(mark.late_cost), inert(notes), inert(why)]


def _line(cells: Sequence[Cell]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerow(cells)
    return text.getvalue()


def inert(text: str) -> str:
    """Escape a text, with an apostrophe before it if a spreadsheet would read it as a formula."""
    first = unicodedata.normalize("NFKC", text.lstrip(" ")[:1])
    return f"'{show(text)}" if first[:1] in _FORMULA else show(text)


def _cell(exercise: ExerciseReport) -> Cell:
    if exercise.status == "broken":
        return _UNREACHED if exercise.state == _UNREACHED else "broken"
    return _number(exercise.score)


def _number(value: float, digits: int = 6) -> int | float:
    rounded = round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded


def grade_line(report: Report) -> str:
    """Return a line of grades.jsonl: points and marks without findings; null where there is no grade."""
    exercises = {each.name: _points(each) for each in report.exercises}
    return written({"student": report.submission, **_points(report), "tier": report.tier, "exercises": exercises})


def _points(item: Report | ExerciseReport) -> Mapping[str, object]:
    score = None if item.status == "broken" else item.score
    points: Mapping[str, object] = {"status": item.status, "score": score, "max_score": item.max_score}
    if item.mark is None:
        return points
    counts = {"mark": item.mark.score, "max_mark": item.mark.max_score, "days_late": item.mark.days_late,
              "late_cost": item.mark.late_cost, "by_hand": item.mark.by_hand}  # fmt: skip
    return {**points, **counts, "why": item.mark.why}
