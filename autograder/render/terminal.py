"""Printing feedback in a terminal, with colours. rich is imported on first use."""

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
    """Print one submission's feedback, fitted to the console's width and encoding."""
    _print(feedback(report, _page(console), verbose=verbose), console)


def print_class(reports: Sequence[Report], console: Console) -> None:
    """Print one line for each student, with the columns that fit."""
    _print(class_table(reports, _page(console)), console)


def print_lines(made: Callable[[Page], Iterable[Line]], console: Console) -> None:
    """Print the lines that `made` lays out for the console's page."""
    _print(made(_page(console)), console)


def _page(console: Console) -> Page:
    return Page(console.width, console.encoding)


def _print(lines: Iterable[Line], console: Console) -> None:
    """Print lines as rich Text, in which rich interprets no markup, emoji names or links, and breaks no lines."""
    from rich.text import Text

    for line in lines:
        length = len(plain(line))
        text = Text.assemble(*((segment.text, _COLOURS[segment.style]) for segment in line))
        console.print(text[:length] if length else Text(), soft_wrap=True, highlight=False, markup=False, emoji=False)
