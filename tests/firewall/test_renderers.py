"""Whatever stands in a record, nothing that is made of it acts: in a terminal, spreadsheet, browser or build service.

A new renderer joins by one line in RENDERERS. Canvas and Moodle get numbers alone, into a table of their own.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from rich.console import Console

from autograder.batch.standings import GradeChange, Standing
from autograder.cli.explain import replay_lines
from autograder.cli.regrade import told
from autograder.frontends.watch.hints import Hint
from autograder.frontends.watch.screen import hint_lines
from autograder.grading.replay import GradedRun, differences, facts
from autograder.platforms.actions import annotate
from autograder.platforms.gradescope import Settings, to_results
from autograder.platforms.single import to_autolab, to_classroom50, to_prairielearn
from autograder.render.attention import ClassFacts
from autograder.render.csv import grade_line, grade_row, head_row
from autograder.render.html import panel
from autograder.render.html.class_page import class_page_html
from autograder.render.html.classroom import Classroom, summarize
from autograder.render.html.feedback import report_html
from autograder.render.page import Line, Page, plain
from autograder.render.services import to_junit, to_markdown
from autograder.render.table import class_table, print_class
from autograder.render.terminal import feedback, feedback_text, print_report
from autograder.report.json import to_json
from autograder.report.report import Report
from autograder.submission.source import slug
from tests.firewall.inert import (
    cells_of,
    commands_of,
    dressed,
    json_of,
    lines_of,
    markdown_of,
    overview_of,
    panel_of,
    sheet_of,
    xml_of,
)  # fmt: skip
from tests.firewall.records import HOSTILE, REPORT, everywhere
from tests.texts import class_text, grades_csv


def _terminal(report: Report, colours: bool) -> str:
    file = io.StringIO()
    console = Console(file=file, width=100, force_terminal=colours, color_system="truecolor" if colours else None)
    print_report(report, console, verbose=True)
    print_class([report], console)
    return file.getvalue()


def _plain_page(report: Report) -> str:
    """On paper of few columns and the fewest characters."""
    page = Page(40, "ascii")
    return "\n".join(plain(line) for line in [*feedback(report, page, verbose=True), *class_table([report], page)])


def _overview(report: Report) -> str:
    """Two students with the same answers, so that they are a group, in a class list and with sources of their words."""
    words = " ".join((report.submission, *report.notes))
    known = ClassFacts({report.submission: words}, {report.submission: words}, remarks=[words])
    room = Classroom(lambda student: f"feedback/{quote(slug(student))}.html", known)
    codes = {exercise.name: "1" for exercise in report.exercises}
    room.add(summarize(report), codes)
    room.add(summarize(report), codes)
    return class_page_html(room, sources=lambda student, exercise: words)


def _annotations(report: Report) -> str:
    found = annotate(report, lambda problem: (problem.exercise.path or "x.py", problem.first.line))
    return "".join(f"{line}\n" for line in found)


def _graded(report: Report) -> Report:
    """Without what the grader broke, for formats that have no word for it."""
    return replace(report, exercises=tuple(e for e in report.exercises if e.status != "broken"))


def _hints(report: Report) -> str:
    lines: list[Line] = []
    for exercise in report.exercises:
        for finding in exercise.findings:
            lines += hint_lines(Hint(finding, finding.ladder, len(finding.ladder)), exercise.name, Page())
    return "\n".join(map(plain, lines))


def _replay(report: Report) -> str:
    lines: list[Line] = []
    for exercise in report.exercises:
        parts = {"tier": report.tier, "skip": ""}
        kept = GradedRun(exercise, "x = 1", report.engine, 1, parts, report.engine, report.environment)
        known = facts(kept, report.engine, report.tier, "")
        wrong = list(differences(exercise, replace(exercise, findings=exercise.findings[:1])))
        lines += replay_lines(report.submission, exercise, known, wrong, Page())
    return "\n".join(map(plain, lines))


def _gradescope(report: Report) -> str:
    return to_results(_graded(report), Settings(), 1.0)


def _marked(report: Report) -> str:
    names = [exercise.name for exercise in report.exercises]
    return head_row(names, True) + grade_row(report, names, (report.submission, 1.0, 2, "; ".join(report.notes)))


def _moves(report: Report) -> str:
    before, after = Standing("failed", 0.0, 1.0), Standing("passed", 1.0, 1.0)
    moves = [
        GradeChange(report.submission, e.name, before, after, report.notes, report.notes) for e in report.exercises
    ]
    return "\n".join(line for move in moves for line in told(move))


RUNNER = {"CLASSROOM": "c", "ASSIGNMENT": "a", "SUBMISSION_TAG": "t", "COMMIT_URL": "u", "RELEASE_URL": "r"}
RENDERERS: dict[str, tuple[Callable[[Report], str], Callable[[str], object]]] = {
    "feedback": (lambda report: feedback_text(report, verbose=True), lines_of),
    "class": (lambda report: class_text([report]), lines_of),
    "terminal": (lambda report: _terminal(report, colours=True), dressed),
    "pipe": (lambda report: _terminal(report, colours=False), lines_of),
    "plain page": (_plain_page, lines_of),
    "hints": (_hints, lines_of),
    "replay": (_replay, lines_of),
    "moves": (_moves, lines_of),
    "grades": (lambda report: grades_csv([report]), cells_of),
    "marks": (_marked, cells_of),
    "json": (to_json, json_of),
    "json lines": (grade_line, json_of),
    "junit": (to_junit, xml_of),
    "markdown": (to_markdown, markdown_of),
    "sheet": (report_html, sheet_of),
    "overview": (_overview, overview_of),
    "panel": (panel, panel_of),
    "annotations": (_annotations, commands_of),
    "autolab": (to_autolab, lambda text: [json_of(line) for line in text.splitlines()]),
    "prairielearn": (to_prairielearn, json_of),
    "classroom 50": (lambda report: to_classroom50(_graded(report), RUNNER), json_of),
    "gradescope": (_gradescope, json_of),
}


@settings(max_examples=40, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
@given(report=REPORT)
def test_nothing_in_a_record_acts(report: Report) -> None:
    """Hostile text in every field of it, through every renderer."""
    _go_through_all(report)


@pytest.mark.nightly
@settings(max_examples=400, suppress_health_check=list(HealthCheck), derandomize=False)
@given(report=REPORT)
def test_nothing_in_many_records_acts(report: Report) -> None:
    """The same, for as long as a night allows."""
    _go_through_all(report)


def _go_through_all(report: Report) -> None:
    for name, (render, check) in RENDERERS.items():
        note(name)
        check(render(report))


@pytest.mark.parametrize("name", RENDERERS)
def test_each_known_attack_is_inert_everywhere(name: str) -> None:
    """One after the other, in all fields at once."""
    render, check = RENDERERS[name]

    for text in HOSTILE:
        check(render(everywhere(text)))
