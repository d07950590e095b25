"""Feedback as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from autograder.render.layout import explained, feedback
from autograder.render.page import Page, plain
from autograder.render.table import class_table
from autograder.report.report import Finding, Report


def feedback_text(report: Report, *, verbose: bool = False, width: int = 100) -> str:
    """Return one submission's feedback of at most `width` columns, without control characters but the line end."""
    return "".join(f"{plain(line)}\n" for line in feedback(report, Page(width), verbose=verbose))


def class_text(reports: Sequence[Report], *, width: int = 100) -> str:
    """Return the class table as plain text."""
    return "".join(f"{plain(line)}\n" for line in class_table(reports, Page(width)))


def finding_text(finding: Finding, *, width: int = 100) -> str:
    """Return one finding's message, hint and example as plain text."""
    return textwrap.dedent("\n".join(map(plain, explained(finding, Page(width)))))
