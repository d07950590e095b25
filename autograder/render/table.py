"""A class at a glance: one line per student, as wide as the page allows."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.render.layout import tier_words
from autograder.render.page import MARKS, STYLES, Line, Page, Segment, columns, fill, guard, points
from autograder.report import Report, Status

_GAP = "  "
_LEAST_NAME, _MOST_NAME = 12, 32


def class_table(reports: Sequence[Report], page: Page) -> list[Line]:
    """Student, score, and as many of bar and per-exercise marks as fit; below, what the marks mean.

    Columns that do not fit are left out whole, the bar first; the marks then become a count of passed exercises.
    """
    names = list(dict.fromkeys(exercise.name for report in reports for exercise in report.exercises))
    scores = [_score(report) for report in reports]
    widest = max([7, *map(columns, scores)])
    room = page.columns - _LEAST_NAME - len(_GAP) * 2 - widest - 7
    marks = max(len(names), 5)
    with_marks = bool(names) and room >= marks + len(_GAP)
    room -= (marks if with_marks else 7) + len(_GAP)
    with_bar = room >= 10 + len(_GAP)
    room -= 10 + len(_GAP) if with_bar else 0
    longest = max([7, *(columns(page.ink(report.submission)) for report in reports)])
    student = min(longest, _MOST_NAME, _LEAST_NAME + room)

    def row(first: Segment, score: str, bar: Segment, status: Segment, rest: list[Segment]) -> Line:
        cells = [Segment(page.encode(fill(first.text, student)), first.style), Segment(f"{score:>{widest}}")]
        cells += [bar] if with_bar else []
        cells += [Segment(f"{status.text:<7}", status.style)]
        return tuple(piece for cell in cells for piece in (cell, Segment(_GAP))) + tuple(rest)

    head = row(
        Segment("student", "dim"), "score", Segment(" " * 10), Segment("status", "dim"),
        [Segment("marks" if with_marks else "passed", "dim")],
    )  # fmt: skip
    body = [
        row(
            Segment(page.ink(report.submission), "strong"), score,
            Segment(page.bar(report.score, report.max_score), STYLES[report.status]),
            Segment(report.status, STYLES[report.status]),
            _marks(report, names, page) if with_marks else [Segment(_count(report))],
        )
        for report, score in zip(reports, scores, strict=True)
    ]  # fmt: skip
    return guard([head, *body, (), *_legend(names if with_marks else [], page), *_foot(reports, page)])


def _score(report: Report) -> str:
    return f"{points(report.score)}/{points(report.max_score)}"


def _count(report: Report) -> str:
    return f"{sum(exercise.status == 'passed' for exercise in report.exercises)}/{len(report.exercises)}"


def _marks(report: Report, names: Sequence[str], page: Page) -> list[Segment]:
    found: dict[str, Status] = {exercise.name: exercise.status for exercise in report.exercises}
    return [
        Segment(page.mark(found[name]), STYLES[found[name]]) if name in found else Segment(page.encode("·"), "dim")
        for name in names
    ]


def _legend(names: Sequence[str], page: Page) -> list[Line]:
    if not names:
        return []
    words = [f"{page.encode(mark)} {status}" for status, mark in MARKS.items() if status not in ("error",)]
    words = [word.replace("failed", "failed or error") for word in words]
    order = page.paragraph((Segment("marks, in order: ", "dim"),), page.ink(", ".join(names)), "dim")
    return order + page.paragraph((), ", ".join(words), "dim")


def _foot(reports: Sequence[Report], page: Page) -> list[Line]:
    count = "1 submission" if len(reports) == 1 else f"{len(reports)} submissions"
    lines = page.paragraph((), count, "strong")
    faults = sum(report.status == "broken" for report in reports)
    if faults:
        words = f"{faults} of them could not be graded in full: the grader's fault. Grade them again before you publish."
        lines += page.paragraph((Segment(f"{page.mark('broken')} ", "warn"),), words, "warn")
    for tier in dict.fromkeys(report.tier for report in reports):
        lines += page.paragraph((), page.ink(tier_words(tier)), "dim")
    return lines
