"""Whole texts of several reports, put together from what the engine writes line by line."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.render.csv import grade_row, head_row
from autograder.render.page import Page
from autograder.render.table import class_table
from autograder.render.terminal import as_text
from autograder.report.report import Report


def grades_csv(reports: Sequence[Report]) -> str:
    """Return the table of grades, with a column for each exercise in the order of first appearance."""
    names = list(dict.fromkeys(exercise.name for report in reports for exercise in report.exercises))
    return head_row(names) + "".join(grade_row(report, names) for report in reports)


def class_text(reports: Sequence[Report], *, width: int = 100) -> str:
    """Return the table of a class as plain text."""
    return as_text(class_table(reports, Page(width)))
