"""Table of one benchmark's results, and its output."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table as Grid


@dataclass(frozen=True)
class Table:
    """Rows of text under `columns`; the first column names what was measured, the others are figures.

    notes: facts that a reader needs to interpret the figures.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def show(table: Table, console: Console) -> None:
    """Print the table with its notes."""
    grid = Grid(title=table.title, title_justify="left", title_style="bold", header_style="")
    for index, column in enumerate(table.columns):
        grid.add_column(column, justify="right" if index else "left", no_wrap=not index)
    for row in table.rows:
        grid.add_row(*row)
    console.print(grid)
    for note in table.notes:
        console.print(f"  {note}", highlight=False, markup=False)
    console.print()


def digits(value: float) -> str:
    """Format with three significant digits, without an exponent."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def times(ratio: float) -> str:
    """Format a ratio, such as 1.04× or 62.3×."""
    return f"{digits(ratio)}×"
