"""Feedback in a terminal: the same lines, in colours where there are any. rich is imported when it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from autograder.render.layout import feedback
from autograder.render.page import Line, Page, Style, plain
from autograder.render.table import class_table
from autograder.report.report import Report

if TYPE_CHECKING:
    from rich.console import Console

_COLOURS: dict[Style, str] = {
    "plain": "", "strong": "bold", "dim": "dim", "good": "green", "bad": "red", "warn": "yellow", "hint": "cyan",
}  # fmt: skip


def print_report(report: Report, console: Console, *, verbose: bool = False) -> None:
    """One submission's feedback, fitted to the console's width and encoding."""
    _print(feedback(report, _page(console), verbose=verbose), console)


def print_class(reports: Sequence[Report], console: Console) -> None:
    """One line per student, with the columns that fit."""
    _print(class_table(reports, _page(console)), console)


def print_lines(made: Callable[[Page], Iterable[Line]], console: Console) -> None:
    """Lines that were laid out for the console's page."""
    _print(made(_page(console)), console)


def _page(console: Console) -> Page:
    return Page(console.width, console.encoding)


def _print(lines: Iterable[Line], console: Console) -> None:
    """A Text is printed as it is: rich reads no markup, emoji names or links out of it, and breaks no line anew."""
    from rich.text import Text

    for line in lines:
        length = len(plain(line))
        text = Text.assemble(*((segment.text, _COLOURS[segment.style]) for segment in line))
        console.print(text[:length] if length else Text(), soft_wrap=True, highlight=False, markup=False, emoji=False)
