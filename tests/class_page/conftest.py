"""A graded class, made of reports."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from autograder.render.html import Classroom, class_page_html, summarize
from autograder.report.report import ExerciseReport, Finding, Report, total
from tests.browser.conftest import browser, visit, window  # noqa: F401  the real browser's fixtures

HASH = "ab" * 32


def exercise(name, score=10.0, status="passed", *findings, source=HASH):
    """One exercise of ten points."""
    return ExerciseReport(name, "02_layers", status, score, 10.0, findings, source, 1, f"{name}.py", None)


def failed(name, mistake=None, answer=None):
    """An exercise that fails, for a known reason or with a certain wrong answer."""
    finding = Finding("values", f"{name}_forward", "failed", "out", 0.0, 5.0, mistake=mistake, answer=answer)
    return exercise(name, 5.0, "failed", finding)


def report(student, *exercises, tier="sealed"):
    """Return one student's report."""
    score, most = total(exercises)
    return Report(student, tier, score, most, exercises)


@pytest.fixture
def room():
    """room(reports, codes of students) → Classroom; every student has a page."""

    def filled(reports, codes=MappingProxyType({})):
        made = Classroom(lambda student: f"feedback/{student}.html")
        for item in reports:
            made.add(summarize(item), codes.get(item.submission, {}))
        return made

    return filled


@pytest.fixture
def html(room):
    """html(reports, codes of students) → the page."""
    return lambda *class_: class_page_html(room(*class_), "Deep learning by hand")
