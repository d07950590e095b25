"""The table of a class: one line for each student, as wide as the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.render.page import STYLES, Line, Page, Segment, columns, fill, guard
from autograder.render.terminal import as_text, fraction, print_lines, rule_lines
from autograder.render.view import tier_words
from autograder.report.report import ExerciseReport, Report, counted

if TYPE_CHECKING:
    from rich.console import Console

_GAP = "  "
_COUNT, _BAR, _DOZEN = 7, 10, 12
_LEAST_NAME, _MOST_NAME = 12, 32
_LEGEND = {
    "passed": "passed", "failed": "failed or error", "slow": "slow", "half done": "half done",
    "not started": "not started", "broken": "broken",
}  # fmt: skip


@dataclass(frozen=True)
class _Columns:
    """Widths of the columns that fit.

    names: the exercises with a symbol each, empty if passed ones are counted. units: unit → its exercises, of which the
    passed ones are counted; empty if they are counted all together.
    """

    student: int
    score: int
    state: int
    bar: bool
    names: tuple[str, ...]
    units: dict[str, int]


def class_table(reports: Sequence[Report], page: Page) -> list[Line]:
    """Return lines with student, score, and if they fit a bar and a symbol for each exercise; below, a legend.

    Of more than a dozen exercises those that passed are counted by unit instead. If the page is too narrow, the bar is
    left out first, then a count of all passed exercises stands in place of the symbols or of the units.
    """
    reports = [counted(report) for report in reports]
    fitting = _fit(reports, page)
    body = [line for report in reports for line in (_row(report, fitting, page), *rule_lines(report.why, page, _GAP))]
    return guard([_head(fitting), *body, (), *_legend(fitting, page), *_foot(reports, page)])


def _fit(reports: Sequence[Report], page: Page) -> _Columns:
    names = tuple(dict.fromkeys(exercise.name for report in reports for exercise in report.exercises))
    score = max([5, *(len(fraction(report)) for report in reports)])
    longest = max([7, *(columns(page.ink(report.submission)) for report in reports)])
    state = max([7, *(len(_state(report)) for report in reports)])
    room = page.columns - min(longest, _LEAST_NAME) - score - state - 3 * len(_GAP)
    found = {exercise.name: exercise.unit for report in reports for exercise in report.exercises}
    units = dict(Counter(found.values())) if len(names) > _DOZEN else {}
    counted = len(" ".join(_cells({}, units)))
    marks, by_unit = 0 < len(names) <= min(room, _DOZEN), 0 < counted <= room
    room -= max(len(names), 5) if marks else counted if by_unit else _COUNT
    bar = room >= _BAR + len(_GAP)
    room -= _BAR + len(_GAP) if bar else 0
    return _Columns(min(longest, _MOST_NAME, _LEAST_NAME + max(room, 0)), score, state, bar,
                    names if marks else (), units if by_unit else {})  # fmt: skip


def _head(fitting: _Columns) -> Line:
    bar = " " * (_BAR + len(_GAP)) if fitting.bar else ""
    cells = zip(fitting.units, _cells({}, fitting.units), strict=True)
    by_unit = " ".join(f"{unit[:len(cell)]:>{len(cell)}}" for unit, cell in cells)
    last = "marks" if fitting.names else by_unit or "passed"
    text = f"{'student':<{fitting.student}}{_GAP}{'score':>{fitting.score}}{_GAP}{bar}{'status':<{fitting.state}}"
    return (Segment(f"{text}{_GAP}{last}", "dim"),)


def _row(report: Report, fitting: _Columns, page: Page) -> Line:
    style = STYLES[report.status]
    bar = f"{page.bar(report.score, report.max_score)}{_GAP}" if fitting.bar else ""
    return (
        Segment(page.encode(fill(page.ink(report.submission), fitting.student)), "strong"),
        Segment(f"{_GAP}{fraction(report):>{fitting.score}}{_GAP}"),
        Segment(f"{bar}{_state(report):<{fitting.state}}{_GAP}", style),
        *(_marks(report, fitting.names, page) or [Segment(_count(report, fitting.units))]),
    )


def _state(report: Report) -> str:
    """Return the status of a report in the words for states of exercises."""
    if report.unreached:
        return "not reached"
    if report.status != "skipped":
        return report.status
    states = {exercise.state for exercise in report.exercises}
    begun = "half done" if states - {"passed", "partly checked"} else "partly checked"
    idle = "not started" if "not started" in states else "not handed in"
    return begun if any(exercise.begun for exercise in report.exercises) else idle


def _count(report: Report, units: Mapping[str, int]) -> str:
    """Return how many exercises passed of how many, of each unit if they are counted by unit."""
    if units:
        passed = Counter(exercise.unit for exercise in report.exercises if exercise.status == "passed")
        return " ".join(_cells(passed, units))
    return f"{sum(exercise.status == 'passed' for exercise in report.exercises)}/{len(report.exercises)}"


def _cells(passed: Mapping[str, int], units: Mapping[str, int]) -> list[str]:
    """Return a cell such as `3/12` for each unit, as wide for every student."""
    return [f"{passed.get(unit, 0):>{len(str(count))}}/{count}" for unit, count in units.items()]


def _marks(report: Report, names: Sequence[str], page: Page) -> list[Segment]:
    found = {exercise.name: exercise for exercise in report.exercises}
    return [_mark(found[name], page) if name in found else Segment(page.encode("·"), "dim") for name in names]


def _mark(exercise: ExerciseReport, page: Page) -> Segment:
    return Segment(page.symbol(exercise.state), STYLES[exercise.status])


def _legend(fitting: _Columns, page: Page) -> list[Line]:
    names = fitting.names
    if fitting.units:
        return page.paragraph((Segment("passed, by unit: ", "dim"),), page.ink(", ".join(fitting.units)), "dim")
    if not names:
        return []
    words = [f"{page.symbol(state)} {meaning}" for state, meaning in _LEGEND.items()]
    order = page.paragraph((Segment("marks, in order: ", "dim"),), page.ink(", ".join(names)), "dim")
    return order + page.paragraph((), ", ".join(words), "dim")


def _foot(reports: Sequence[Report], page: Page) -> list[Line]:
    count = "1 submission" if len(reports) == 1 else f"{len(reports)} submissions"
    lines = page.paragraph((), count, "strong")
    pending = sum(report.unreached for report in reports)
    faults = sum(report.status == "broken" for report in reports) - pending
    if pending:
        words = f"{pending} graded in part: the run ended before the rest. Run the same command again."
        lines += page.paragraph((), words, "warn")
    if faults:
        words = f"{faults} could not be graded in full. That is the grader's fault: grade again before you publish."
        lines += page.paragraph((Segment(f"{page.symbol('broken')} ", "warn"),), words, "warn")
    for tier in dict.fromkeys(report.tier for report in reports):
        lines += page.paragraph((), page.ink(tier_words(tier)), "dim")
    return lines


def class_text(reports: Sequence[Report], *, width: int = 100) -> str:
    """Return the table as plain text."""
    return as_text(class_table(reports, Page(width)))


def print_class(reports: Sequence[Report], console: Console | None = None) -> None:
    """Print the table, with the columns that fit."""
    print_lines(lambda page: class_table(reports, page), console)
