"""Rendering hints in a terminal: earlier steps dimmed, then the new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from autograder.render.page import Line, Page, Segment, Style, columns, guard
from autograder.report.report import Finding


class HintView(Protocol):
    """A finding with the steps of its ladder. shown: number of steps shown; shown_before: number shown earlier."""

    @property
    def finding(self) -> Finding | None: ...

    @property
    def steps(self) -> Sequence[str]: ...

    @property
    def shown(self) -> int: ...

    @property
    def shown_before(self) -> int: ...


def hint_lines(hint: HintView, name: str, page: Page) -> list[Line]:
    """Return all lines. name: the exercise's."""
    if hint.finding is None:
        return guard(page.paragraph((), page.ink(f"{name} passes: there is nothing to hint at."), "good"))
    lines = _head(hint.finding, page)
    for number, step in enumerate(hint.steps[: hint.shown], 1):
        lines += [(), *_step(number, step, page, new=number > hint.shown_before or hint.shown_before == hint.shown)]
    return guard([*lines, (), *_more(hint, name, page)])


def _head(finding: Finding, page: Page) -> list[Line]:
    subject = f"{finding.function} {finding.output or ''}".strip() or "This exercise"
    known = f"  ({finding.mistake.replace('_', ' ')})" if finding.mistake else ""
    text = f"{subject}  {finding.status}{known}" if finding.status != "skipped" else finding.message
    lines = page.paragraph((), page.ink(text), "strong")
    return lines + ([] if finding.ladder or finding.status == "skipped" else _message(finding.message, page))


def _message(message: str, page: Page) -> list[Line]:
    return [line for text in message.split("\n") for line in page.paragraph((), page.ink(text))]


def _step(number: int, step: str, page: Page, new: bool) -> list[Line]:
    title, _, text = step.partition("\n")
    look: Style = "plain" if new else "dim"
    head: Style = "hint" if new else "dim"
    lines = page.paragraph((Segment(f"{number}  ", head),), page.ink(title), head)
    for line in text.split("\n"):
        lines += _text(line, page, look) if line.strip() else [()]
    return lines


def _text(line: str, page: Page, look: Style) -> list[Line]:
    """Return a line with its indentation; the note after a formula goes below it if both do not fit."""
    indent = Segment("   " + " " * (len(line) - len(line.lstrip(" "))))
    formula, gap, note = line.strip(" ").partition("   ")
    if gap and columns(page.ink(line)) + 3 > page.columns:
        below = page.paragraph((Segment(indent.text + "    "),), page.ink(note.strip()), look)
        return page.paragraph((indent,), page.ink(formula), look) + below
    return page.paragraph((indent,), page.ink(line.strip(" ")), look)


def _more(hint: HintView, name: str, page: Page) -> list[Line]:
    left = len(hint.steps) - hint.shown
    if left:
        words = f"handgrad hint {name}   {left} more step{'s' if left > 1 else ''}"
        return page.paragraph((Segment(page.encode("→ "), "hint"),), page.ink(words), "hint")
    last = "That was the last step. " if hint.steps else ""
    words = f"{last}The statement stands in your file; handgrad check {name} checks again."
    return page.paragraph((), page.ink(words), "dim")
