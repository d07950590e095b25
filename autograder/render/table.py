"""The table of a class: one line for each student, as wide as the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from autograder.render.page import STYLES, Line, Page, Segment, amount, columns, fill, guard
from autograder.render.terminal import fraction, print_lines, rule_lines
from autograder.render.view import tier_words
from autograder.report.report import Report, counted

if TYPE_CHECKING:
    from rich.console import Console

_GAP = "  "
_COUNT, _DOZEN = 7, 12
_BAR = " " * 10 + _GAP
_LEAST_NAME, _MOST_NAME = 12, 32
_LEGEND = {
    "passed": "passed", "failed": "failed or error", "slow": "slow", "half done": "half done",
    "not started": "not started", "broken": "broken",
}  # fmt: skip


def class_table(reports: Sequence[Report], page: Page) -> list[Line]:
    """Return lines with student, score, and if they fit a bar and a symbol for each exercise; below, a legend.

    Of more than a dozen exercises those that passed are counted by unit instead. If the page is too narrow, the bar is
    left out first, then a count of all passed exercises stands in place of the symbols or of the units.
    """
    reports = [counted(report) for report in reports]
    found = {exercise.name: exercise.unit for report in reports for exercise in report.exercises}
    longest = max([7, *(columns(page.ink(report.submission)) for report in reports)])
    score, state = (max([least, *map(len, map(told, reports))]) for least, told in ((5, fraction), (7, _state)))
    room = page.columns - min(longest, _LEAST_NAME) - score - state - 3 * len(_GAP)
    units = dict(Counter(found.values())) if len(found) > _DOZEN else {}
    by_unit = len(" ".join(_cells((), units)))
    names = found if 0 < len(found) <= min(room, _DOZEN) else {}
    units = units if 0 < by_unit <= room else {}
    room -= max(len(names), 5) if names else by_unit if units else _COUNT
    bar = _BAR * (room >= len(_BAR))
    student = min(longest, _MOST_NAME, _LEAST_NAME + max(room - len(bar), 0))
    head = f"{'student':<{student}}{_GAP}{'score':>{score}}{_GAP}{bar}{'status':<{state}}{_GAP}"
    cells = zip(units, map(len, _cells((), units)), strict=True)
    last = "marks" if names else " ".join(f"{unit[:width]:>{width}}" for unit, width in cells) or "passed"
    lines: list[Line] = [(Segment(head + last, "dim"),)]
    for report in reports:
        drawn = f"{page.bar(report.score, report.max_score)}{_GAP}" if bar else ""
        lines.append((
            Segment(page.encode(fill(page.ink(report.submission), student)), "strong"),
            Segment(f"{_GAP}{fraction(report):>{score}}{_GAP}"),
            Segment(f"{drawn}{_state(report):<{state}}{_GAP}", STYLES[report.status]),
            *_passed(report, names, units, page),
        ))  # fmt: skip
        lines += rule_lines(report.why, page, _GAP)
    return guard([*lines, (), *_legend(names, units, page), *_foot(reports, page)])


def _state(report: Report) -> str:
    """Return the status of a report in words, such as those for the states of exercises."""
    if report.unreached:
        return "not reached"
    if report.status != "skipped":
        return report.status
    states = {exercise.state for exercise in report.exercises}
    begun = "half done" if states - {"passed", "partly checked"} else "partly checked"
    idle = "not started" if "not started" in states else "not handed in"
    return begun if any(exercise.begun for exercise in report.exercises) else idle


def _passed(report: Report, names: Iterable[str], units: Mapping[str, int], page: Page) -> list[Segment]:
    """Return a symbol for each exercise in `names`; without names the number that passed, of each unit or of all."""
    if names:
        known = {each.name: Segment(page.symbol(each.state), STYLES[each.status]) for each in report.exercises}
        return [known.get(name) or Segment(page.encode("·"), "dim") for name in names]
    passed = [exercise.unit for exercise in report.exercises if exercise.status == "passed"]
    return [Segment(" ".join(_cells(passed, units)) if units else f"{len(passed)}/{len(report.exercises)}")]


def _cells(passed: Sequence[str], units: Mapping[str, int]) -> list[str]:
    """Return a cell such as `3/12` for each unit, of a fixed width. passed: the unit of each exercise that passed."""
    return [f"{passed.count(unit):>{len(str(count))}}/{count}" for unit, count in units.items()]


def _legend(names: Iterable[str], units: Iterable[str], page: Page) -> list[Line]:
    if units:
        return page.paragraph((Segment("passed, by unit: ", "dim"),), page.ink(", ".join(units)), "dim")
    if not names:
        return []
    words = [f"{page.symbol(state)} {meaning}" for state, meaning in _LEGEND.items()]
    order = page.paragraph((Segment("marks, in order: ", "dim"),), page.ink(", ".join(names)), "dim")
    return order + page.paragraph((), ", ".join(words), "dim")


def _foot(reports: Sequence[Report], page: Page) -> list[Line]:
    lines = page.paragraph((), amount(len(reports), "submission"), "strong")
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


def print_class(reports: Sequence[Report], console: Console | None = None) -> None:
    """Print the table, with the columns that fit."""
    print_lines(lambda page: class_table(reports, page), console)
