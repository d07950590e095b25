"""Terminal output of `handgrad audit`: the kill matrix, and the margins of the bars for speed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.authoring.audit import Row
from autograder.authoring.margins import BarMargin

_ACCEPTED = {"mistake": "named", "left": "named", "stub": "earns nothing", "planted": "earns nothing"}
"""Kind of a row → the verdict printed for a row without fault; "accepted" for all other kinds."""


def print_matrix(rows: list[Row], counts: Mapping[str, int], console: Console) -> None:
    """Print one table per exercise, then the faults, then the counts."""
    for name, group in groupby(rows, key=lambda row: row.exercise):
        console.print(_matrix(name, list(group)))
    faults = [f"{row.exercise}: {row.kind} {row.name} {row.words}" for row in rows if not row.right]
    share = counts["named"] / counts["runs"] if counts["runs"] else 1.0
    words = f"{counts['mistakes']} known mistakes: {share:.2%} of {counts['runs']} runs rejected and named"
    right = f"{counts['right_answers']} right answers, {counts['wrongly_rejected']} rejected"
    print_faults(faults, console, f"{words}; {right}; {counts['faults']} cells wrong")


def print_margins(margins: list[BarMargin], console: Console) -> None:
    """Print one line per timed function with its distances from the first bar, then the faults."""
    if not margins:
        return
    table = empty_table("function", "reference", "slowest right answer", "ratio", "bar", "ratio", "fastest loop")
    for column in table.columns:
        column.justify = "right" if column.header in ("reference", "ratio", "bar") else "left"
    for row in margins:
        right, loop = row.slowest, row.fastest
        table.add_row(row.function, f"{1000 * row.seconds:.2g} ms", right, f"{row.right[right]:.2g}", f"{row.bar:g}",
                      f"{row.loops[loop]:.3g}" if loop else "", loop, style="red" if row.faults else "")  # fmt: skip
    console.print(table)
    print_faults([f"{row.function}: {fault}" for row in margins for fault in row.faults], console)


def empty_table(first: str, *others: str, title: str | None = None) -> Table:
    """Return a table without rows: names in the first column, numbers in the others."""
    table = Table(box=None, pad_edge=False, header_style="bold", title=title, title_justify="left", title_style="bold")
    table.add_column(first, no_wrap=True)
    for heading in others:
        table.add_column(heading, justify="right")
    return table


def print_faults(faults: Sequence[str], console: Console, words: str = "") -> None:
    """Print the faults, then the closing line, red where there are faults."""
    for fault in faults:
        console.print(Text(f"✘ {fault}", style="red"), soft_wrap=True)
    if words:
        console.print(Text(words, style="bold red" if faults else "bold green"), soft_wrap=True)


def _matrix(name: str, rows: list[Row]) -> Table:
    checks = list(dict.fromkeys(check for row in rows for check in row.killed_by))
    table = empty_table("code", title=name)
    table.add_column("function", style="dim", no_wrap=True)
    for column in (*checks, "verdict"):
        table.add_column(column, justify="center")
    for row in rows:
        killed = [row.killed_by[check] for check in checks]
        shares = ["✘" if count == row.seeds else f"{count / row.seeds:.0%}" if count else "·" for count in killed]
        cells = [Text(share, style="dim" if share == "·" else "yellow") for share in shares]
        verdict = Text(_ACCEPTED.get(row.kind, "accepted"), style="green")
        if not row.right:
            verdict = Text("WRONG" if row.seeds or row.kind == "pages" else "to write", style="bold red")
        table.add_row(row.name, row.function or row.kind, *cells, verdict)
    return table
