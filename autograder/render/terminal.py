"""Feedback on one submission as lines of text, for terminals and text files: problems in full, the rest in one line."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from autograder.render.page import STYLES, Line, Page, Segment, Style, columns, fill, guard, plain, points, shorten
from autograder.render.view import (
    NEEDS_WORK,
    ExerciseView,
    Problem,
    ReportView,
    example_title,
    python,
    tier_words,
    view,
)  # fmt: skip
from autograder.report.report import ExerciseReport, Finding, Report
from autograder.report.slices import COLUMNS, Panel, Slice, aligned, slices

if TYPE_CHECKING:
    from rich.console import Console

_COLOURS: dict[Style, str] = {
    "plain": "", "strong": "bold", "dim": "dim", "good": "green", "bad": "red", "warn": "yellow", "hint": "cyan",
}  # fmt: skip
_NAME = 28
_GAP = "    "
_SEVERAL = 4
"""Least number of begun exercises for which a summary of what is left is shown."""
_INSET = Segment("      ")
Block = list[Line]


def print_report(
    report: Report, console: Console | None = None, *, verbose: bool = False, folded: bool = False
) -> None:
    """Print one submission's feedback, fitted to the console's width and encoding. folded: as in `feedback`."""
    print_lines(lambda page: feedback(report, page, verbose=verbose, folded=folded), console)


def print_lines(made: Callable[[Page], Iterable[Line]], console: Console | None = None) -> None:
    """Print the lines that `made` lays out, as rich Text, in which rich interprets nothing and breaks no lines.

    console: the standard output by default. Into a file or a pipe go plain lines of 80 columns, or of $COLUMNS, without
    waiting for rich to be imported.
    """
    if console is None and not (sys.stdout.isatty() or os.environ.get("FORCE_COLOR")):
        width = os.environ.get("COLUMNS", "")
        page = Page(int(width) if width.isdigit() else 80, sys.stdout.encoding or "utf-8")
        print(as_text(made(page)), end="")
        return
    from rich.console import Console
    from rich.text import Text

    console = console or Console()
    for line in made(Page(console.width, console.encoding)):
        length = len(plain(line))
        text = Text.assemble(*((segment.text, _COLOURS[segment.style]) for segment in line))
        console.print(text[:length] if length else Text(), soft_wrap=True, highlight=False, markup=False, emoji=False)


def feedback_text(report: Report, *, verbose: bool = False, width: int = 100) -> str:
    """Return one submission's feedback of at most `width` columns, without control characters but the line end."""
    return as_text(feedback(report, Page(width), verbose=verbose))


def finding_text(finding: Finding, *, width: int = 100) -> str:
    """Return one finding's message, hint and example as plain text."""
    exercise = ExerciseReport("", "", finding.status, 0.0, 0.0)
    alone = Problem(exercise, (replace(finding, function=""),))
    return textwrap.dedent("\n".join(map(plain, guard(_problem(alone, Page(width))))))


def as_text(lines: Iterable[Line]) -> str:
    """Return lines as plain text."""
    return "".join(f"{plain(line)}\n" for line in lines)


def feedback(report: Report, page: Page, *, verbose: bool = False, folded: bool = False) -> list[Line]:
    """Return the feedback on a report as lines.

    verbose: with all passed and skipped findings, cases, figures and hashes. folded: for the author, who goes on from
    here: without hints and the names of mistakes, which `handgrad hint` shows, and with a summary of many exercises.
    """
    shown = view(report)
    started = [ExerciseView(each) for each in shown.report.exercises] if verbose else shown.begun
    widths = headline_widths([each.exercise for each in started], page)
    mine = report.tier == "local"
    blocks = [exercise_lines(each, page, widths, verbose=verbose, folded=folded, mine=mine) for each in started]
    idle = [] if verbose else _idle(shown, page, short=folded)
    lines = page.paragraph((), f"Feedback for {page.ink(report.submission)}", "strong")
    for note in report.notes:
        lines += page.paragraph((Segment("note: ", "dim"),), page.ink(note))
    before = 3
    for block in filter(None, [*blocks, idle]):  # an empty line between two of which one has more than two lines
        lines += [(), *block] if max(before, len(block)) > 2 else block
        before = len(block)
    left = [each for each in shown.begun if each.exercise.status != "passed"]
    last: list[Line] = []
    if folded and len(shown.begun) >= _SEVERAL and left:
        last = [(Segment("Still to do", "strong"),), *(_headline(each, page, *widths) for each in left), ()]
    return guard([*lines, (), *last, *_total(shown, page, folded)])


def headline_widths(exercises: Sequence[ExerciseReport], page: Page) -> tuple[int, int, int]:
    """Return the widths of names, states and scores, so that the headlines align."""
    state = max([7, *(len(exercise.state) for exercise in exercises)])
    score = max([5, *(len(fraction(exercise)) for exercise in exercises)])
    name = max([5, *(columns(page.ink(exercise.name)) for exercise in exercises)])
    return max(min(name, _NAME, page.columns - score - state - 18), 4), state, score


def exercise_lines(
    shown: ExerciseView, page: Page, widths: tuple[int, int, int], *,
    verbose: bool = False, folded: bool = False, mine: bool = True,
) -> list[Line]:  # fmt: skip
    """Return the lines of an exercise: headline, problems, passed, waiting. mine: with the command for hints."""
    exercise = shown.exercise
    lines = [_headline(shown, page, *widths), *rule_lines(exercise.why, page)]
    if verbose:
        known = {"source": exercise.source, "variant": exercise.variant}
        facts = [f"unit {exercise.unit}"] if exercise.unit else []
        facts += [f"{name} {digest[:12]}" for name, digest in known.items() if digest]
        lines += page.paragraph((Segment(_GAP),), page.ink(", ".join(facts)), "dim") if facts else []
    drawn: set[str] = set()
    for problem in shown.problems:
        example = verbose or problem.first.function not in drawn
        lines += _problem(problem, page, verbose=verbose, example=example, folded=folded)
        drawn |= {item.function for item in problem.findings if item.example}
    if mine and any(len(each.steps) > (bool(each.hint) and not folded) for each in shown.problems):
        lead = Segment(page.encode("    → "), "hint")
        lines += page.paragraph((lead,), page.ink(f"handgrad hint {exercise.name}   for the next step"), "hint")
    if verbose:
        right = [Problem(exercise, (found,)) for found in exercise.findings if found.status not in NEEDS_WORK]
        return lines + [line for each in right for line in _problem(each, page, verbose=True)]
    lead = Segment(f"    {page.symbol('passed')} ", "good")
    for name, said in shown.passed:
        lines += page.paragraph((lead,), page.ink(f"{name}: {said}"), "good")
    for said in shown.remarks:
        lines += page.paragraph((_INSET,), page.ink(said))
    lines += _curves(shown.right, page)
    for said in shown.waiting:
        lines += page.paragraph((Segment(f"    {page.symbol('skipped')} ", "dim"),), page.ink(said), "dim")
    return lines


def rule_lines(words: str, page: Page, inset: str = _GAP) -> list[Line]:
    """Return lines on the points earned and the course's rules that changed them."""
    return page.paragraph((Segment(inset),), page.ink(f"({words})"), "warn") if words else []


def _headline(shown: ExerciseView, page: Page, name: int, state: int, score: int) -> Line:
    exercise, style = shown.exercise, STYLES[shown.exercise.status]
    head = (
        Segment(f"{page.symbol(exercise.state)} ", style),
        Segment(page.encode(fill(page.ink(exercise.name), name)), "strong"),
        Segment(f"  {exercise.state:<{state}}", style),
    )
    if exercise.status == "broken":
        return (*head, Segment(f"  {shown.score}", "dim"))
    bar = page.bar(exercise.score, exercise.max_score)
    return (*head, Segment(f"  {shown.score:>{score}}  "), Segment(bar, style))


def fraction(exercise: ExerciseReport | Report) -> str:
    """Return the points earned and those that can be, such as 5.5/10."""
    return f"{points(exercise.score)}/{points(exercise.max_score)}"


def _problem(
    problem: Problem, page: Page, *, verbose: bool = False, example: bool = True, folded: bool = False
) -> list[Line]:
    first, style = problem.first, STYLES[problem.first.status]
    lines: list[Line] = []
    if first.function:
        earned = f"  {problem.earned}" if problem.earned else ""
        subject = f"{first.function} {problem.outputs}".rstrip() + f"  {first.check} {first.status}{earned}"
        lines += page.paragraph((Segment(f"    {page.symbol(first.status)} ", style),), page.ink(subject), style)
    for line in problem.message:
        lines += page.paragraph((_INSET,), page.ink(line))
    case, figures = first.case or "", ", ".join(f"{name} {value:.6g}" for name, value in first.figures.items())
    advice: list[tuple[bool, Style, str, str]] = [
        (first.status != "passed", "dim", "", problem.numerical),
        (not folded, "hint", "→ ", problem.hint),
        (not folded, "dim", "", problem.known),
        (verbose or case not in first.message, "dim", "case: ", case),
        (verbose, "dim", "", figures),
    ]
    for asked, look, lead, text in advice:
        if asked and text:
            lines += page.paragraph((_INSET, Segment(page.encode(lead), look)), page.ink(text), look)
    if first.example and example:
        lines += example_lines(first, page, _INSET.text)
    return lines + _curves(problem.findings, page)


def _curves(findings: Iterable[Finding], page: Page) -> list[Line]:
    """Return a line for each series: its name, its curve, its first and last number."""
    lines: list[Line] = []
    for name, values in (each for finding in findings for each in finding.series.items() if each[1]):
        words = f"{name} {page.curve(values)} {values[0]:.3g} → {values[-1]:.3g}"
        lines += page.paragraph((_INSET,), page.ink(words), "dim")
    return lines


def _idle(shown: ReportView, page: Page, short: bool) -> list[Line]:
    """Return lines that name the exercises without code and those without a file. short: cut to a line and a count."""
    lines: list[Line] = []
    for state, names in shown.idle.items():
        lead = f"{page.symbol('skipped')} {f'{len(names)} ' * short}{state}: "
        words = page.ink(", ".join(names))
        cut = page.encode(shorten(words, max(page.columns - columns(lead), 10))) if short else words
        lines += page.paragraph((Segment(lead, "dim"),), cut, "dim")
    return lines


def _total(shown: ReportView, page: Page, folded: bool) -> list[Line]:
    bar = page.bar(shown.report.score, shown.report.max_score)
    lines: list[Line] = [(Segment(f"Total  {shown.total}  ", "strong"), Segment(bar))]
    lines += rule_lines(shown.report.why, page)
    if folded and len(shown.report.exercises) > 1:
        goal = f"   next: handgrad check {shown.next.name}" if shown.next else ""
        lines += page.paragraph((Segment(shown.done, "strong"),), page.ink(goal), "hint")
    if shown.fault:
        lines += page.paragraph((Segment(f"{page.symbol('broken')} ", "warn"),), page.ink(shown.fault), "warn")
    return lines + page.paragraph((), page.ink(tier_words(shown.report.tier)), "dim")


def example_lines(finding: Finding, page: Page, inset: str) -> list[Line]:
    """Return a finding's example: inputs to paste, then expected, yours and their difference as grids."""
    example = finding.example
    if example is None:
        return []
    lines = page.paragraph((Segment(inset),), page.ink(example_title(finding)), "dim")
    inset += "  "
    for line in python(example.inputs.items()).split("\n") if example.inputs else ():
        indent = len(line) - len(line.lstrip())
        lines += page.paragraph((Segment(inset + " " * indent),), page.ink(line[indent:]))
    for most in range(COLUMNS, 0, -1):
        shown, more = slices(example, most)
        widths = [_width(_block(panel, page)) for part in shown for panel in part.panels]
        if len(inset) + max(widths, default=0) <= page.columns:
            break
    for part in shown:
        lines += _slice(part, page, inset)
    if more:
        lines.append((Segment(f"{inset}and {more} more slice{'s differ' if more > 1 else ' differs'}", "dim"),))
    return lines + (page.paragraph((Segment(inset),), page.ink(example.outcome), "bad") if example.outcome else [])


def _slice(part: Slice, page: Page, inset: str) -> list[Line]:
    """Return the panels side by side if they fit, else stacked. The title of a single panel follows the label."""
    crop = f", rows {_span(part.rows)}, columns {_span(part.columns)}" if part.cropped else ""
    alone = f" {part.panels[0].title}" if len(part.panels) == 1 else ""
    lines = page.paragraph((Segment(inset),), page.ink(f"{part.label}{alone}{crop}"), "strong")
    blocks = [_block(panel, page)[len(alone) > 0 :] for panel in part.panels]
    room = page.columns - len(inset)
    beside = sum(map(_width, blocks)) + len(_GAP) * (len(blocks) - 1) <= room
    for group in [blocks] if beside else [[block] for block in blocks]:
        lines += [_joined(row, [_width(block) for block in group], inset) for row in zip_longest(*group, fillvalue=())]
    return lines


def _span(indices: range) -> str:
    return str(indices.start) if len(indices) == 1 else f"{indices.start} to {indices.stop - 1}"


def _block(panel: Panel, page: Page) -> Block:
    """Return a panel's title and rows, with aligned decimal points in each column."""
    rows = [
        tuple(Segment("  " * (j > 0) + page.encode(text), "bad" if cell.level else "plain")
              for j, (text, cell) in enumerate(zip(texts, cells, strict=True)))
        for texts, cells in zip(aligned(panel.rows), panel.rows, strict=True)
    ]  # fmt: skip
    return [(Segment(page.encode(panel.title), "dim"),), *rows]


def _width(block: Block) -> int:
    return max(sum(columns(segment.text) for segment in line) for line in block)


def _joined(lines: Sequence[Line], widths: Sequence[int], inset: str) -> Line:
    joined: Line = (Segment(inset),)
    for number, (line, width) in enumerate(zip(lines, widths, strict=True)):
        blank = width - sum(columns(segment.text) for segment in line)
        joined += (Segment(_GAP * (number > 0)), *line, Segment(" " * blank))
    return joined
