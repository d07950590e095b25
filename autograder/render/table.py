"""The table of a class: one line for each student, as wide as the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.render.page import STYLES, Line, Page, Segment, columns, fill, guard, points
from autograder.render.terminal import as_text, print_lines
from autograder.render.view import tier_words
from autograder.report.report import ExerciseReport, Report, counted

if TYPE_CHECKING:
    from rich.console import Console

_GAP = "  "
_COUNT, _BAR = 7, 10
_LEAST_NAME, _MOST_NAME = 12, 32
_LEGEND = {
    "passed": "passed", "failed": "failed or error", "slow": "slow", "half done": "half done",
    "not started": "not started", "broken": "broken",
}  # fmt: skip


@dataclass(frozen=True)
class _Columns:
    """Widths of the columns that fit. names: the exercises with a symbol each, empty if passed ones are counted."""

    student: int
    score: int
    state: int
    bar: bool
    names: tuple[str, ...]


def class_table(reports: Sequence[Report], page: Page) -> list[Line]:
    """Return lines with student, score, and if they fit a bar and a symbol for each exercise; below, a legend.

    If the page is too narrow, the bar is left out first, then a count of passed exercises replaces the symbols.
    """
    reports = [counted(report) for report in reports]
    fitting = _fit(reports, page)
    body = [line for report in reports for line in (_row(report, fitting, page), *_why(report, page))]
    return guard([_head(fitting), *body, (), *_legend(fitting.names, page), *_foot(reports, page)])


def _fit(reports: Sequence[Report], page: Page) -> _Columns:
    names = tuple(dict.fromkeys(exercise.name for report in reports for exercise in report.exercises))
    score = max([5, *(len(_score(report)) for report in reports)])
    longest = max([7, *(columns(page.ink(report.submission)) for report in reports)])
    state = max([7, *(len(_state(report)) for report in reports)])
    room = page.columns - min(longest, _LEAST_NAME) - score - state - 3 * len(_GAP)
    marks = 0 < len(names) <= room
    room -= max(len(names), 5) if marks else _COUNT
    bar = room >= _BAR + len(_GAP)
    room -= _BAR + len(_GAP) if bar else 0
    return _Columns(min(longest, _MOST_NAME, _LEAST_NAME + max(room, 0)), score, state, bar, names if marks else ())


def _head(fitting: _Columns) -> Line:
    bar = " " * (_BAR + len(_GAP)) if fitting.bar else ""
    last = "marks" if fitting.names else "passed"
    text = f"{'student':<{fitting.student}}{_GAP}{'score':>{fitting.score}}{_GAP}{bar}{'status':<{fitting.state}}"
    return (Segment(f"{text}{_GAP}{last}", "dim"),)


def _row(report: Report, fitting: _Columns, page: Page) -> Line:
    style = STYLES[report.status]
    bar = f"{page.bar(report.score, report.max_score)}{_GAP}" if fitting.bar else ""
    return (
        Segment(page.encode(fill(page.ink(report.submission), fitting.student)), "strong"),
        Segment(f"{_GAP}{_score(report):>{fitting.score}}{_GAP}"),
        Segment(f"{bar}{_state(report):<{fitting.state}}{_GAP}", style),
        *(_marks(report, fitting.names, page) or [Segment(_count(report))]),
    )


def _state(report: Report) -> str:
    """Return the status of a report in the words for states of exercises."""
    if report.status != "skipped":
        return report.status
    states = {exercise.state for exercise in report.exercises}
    begun = "half done" if states - {"passed", "partly checked"} else "partly checked"
    idle = "not started" if "not started" in states else "not handed in"
    return begun if any(exercise.begun for exercise in report.exercises) else idle


def _why(report: Report, page: Page) -> list[Line]:
    """Return the points earned and the course's rules that changed them."""
    return page.paragraph((Segment("  "),), page.ink(f"({report.why})"), "warn") if report.why else []


def _score(report: Report) -> str:
    return f"{points(report.score)}/{points(report.max_score)}"


def _count(report: Report) -> str:
    return f"{sum(exercise.status == 'passed' for exercise in report.exercises)}/{len(report.exercises)}"


def _marks(report: Report, names: Sequence[str], page: Page) -> list[Segment]:
    found = {exercise.name: exercise for exercise in report.exercises}
    return [_mark(found[name], page) if name in found else Segment(page.encode("·"), "dim") for name in names]


def _mark(exercise: ExerciseReport, page: Page) -> Segment:
    return Segment(page.symbol(exercise.state), STYLES[exercise.status])


def _legend(names: Sequence[str], page: Page) -> list[Line]:
    if not names:
        return []
    words = [f"{page.symbol(state)} {meaning}" for state, meaning in _LEGEND.items()]
    order = page.paragraph((Segment("marks, in order: ", "dim"),), page.ink(", ".join(names)), "dim")
    return order + page.paragraph((), ", ".join(words), "dim")


def _foot(reports: Sequence[Report], page: Page) -> list[Line]:
    count = "1 submission" if len(reports) == 1 else f"{len(reports)} submissions"
    lines = page.paragraph((), count, "strong")
    faults = sum(report.status == "broken" for report in reports)
    if faults:
        words = f"{faults} could not be graded in full. That is the grader's fault: grade again before you publish."
        lines += page.paragraph((Segment(f"{page.symbol('broken')} ", "warn"),), words, "warn")
    for tier in dict.fromkeys(report.tier for report in reports):
        lines += page.paragraph((), page.ink(tier_words(tier)), "dim")
    return lines


def class_text(reports: Sequence[Report], *, width: int = 100) -> str:
    """Return the table as plain text."""
    return as_text(class_table(reports, Page(width)))


def print_class(reports: Sequence[Report], console: Console) -> None:
    """Print the table, with the columns that fit."""
    print_lines(lambda page: class_table(reports, page), console)
