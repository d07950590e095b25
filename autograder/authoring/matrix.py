"""Terminal output of `handgrad audit`: the kill matrix, the margins of the bars, and the surviving mutants."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from autograder.authoring.audit import Row
    from autograder.authoring.margins import BarMargin
    from autograder.authoring.mutation.survivors import Survivors


def print_matrix(rows: list[Row], counts: Mapping[str, float], console: Console) -> None:
    """Print one table per exercise, then the faults, then the counts."""
    for name, group in groupby(rows, key=lambda row: row.exercise):
        console.print(_table(name, list(group)))
    for row in rows:
        if not row.right:
            console.print(Text(f"✘ {row.exercise}: {row.kind} {row.name} {row.words}", style="red"), soft_wrap=True)
    console.print(Text(closing(counts), style="bold red" if counts["faults"] else "bold green"), soft_wrap=True)


def print_margins(margins: list[BarMargin], console: Console) -> None:
    """Print one line per timed function with its distances from the first bar, then the faults."""
    if not margins:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("function", "reference", "slowest right answer", "ratio", "bar", "ratio", "fastest loop"):
        table.add_column(title, justify="right" if title in ("reference", "ratio", "bar") else "left")
    for row in margins:
        loop = (f"{row.fastest:.3g}", row.loop) if row.loop else ("", "")
        cells = row.function, f"{1000 * row.seconds:.2g} ms", row.right, f"{row.slowest:.2g}", f"{row.bar:g}", *loop
        table.add_row(*cells, style="red" if row.faults else "")
    console.print(table)
    for function, fault in ((row.function, fault) for row in margins for fault in row.faults):
        console.print(Text(f"✘ {function}: {fault}", style="red"), soft_wrap=True)


def closing(counts: Mapping[str, float]) -> str:
    """Return the closing line with the counts of the whole audit."""
    share = counts["named"] / counts["runs"] if counts["runs"] else 1.0
    return (
        f"{counts['mistakes']:g} known mistakes: {share:.2%} of {counts['runs']:g} runs rejected and named; "
        f"{counts['right_answers']:g} right answers, {counts['wrongly_rejected']:g} rejected; "
        f"{counts['faults']:g} cells wrong"
    )


def print_survivors(rows: list[Survivors], counts: Mapping[str, float], console: Console) -> None:
    """Print one line per exercise, then the faults, then the counts."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("exercise")
    for title in ("mutants", "killed", "survive", "listed"):
        table.add_column(title, justify="right")
    for row in rows:
        numbers = (row.generated, row.killed, len(row.survivors), row.equivalent)
        table.add_row(row.exercise, *map(str, numbers), style="red" if row.faults else "")
    console.print(table)
    for name, fault in ((row.exercise, fault) for row in rows for fault in row.faults):
        console.print(Text(f"✘ {name}: {fault}", style="red"), soft_wrap=True)
    words = (
        f"{counts['mutants']:g} mutants: {counts['killed']:g} killed, {counts['equivalent']:g} known to be equivalent; "
        f"{counts['faults']:g} faults"
    )
    console.print(Text(words, style="bold red" if counts["faults"] else "bold green"), soft_wrap=True)


def _table(name: str, rows: list[Row]) -> Table:
    columns = list(dict.fromkeys(check for row in rows for check in row.killed_by))
    table = Table(box=None, pad_edge=False, header_style="bold", title=name, title_justify="left", title_style="bold")
    table.add_column("code", no_wrap=True)
    table.add_column("function", style="dim", no_wrap=True)
    for column in (*columns, "verdict"):
        table.add_column(column, justify="center")
    for row in rows:
        cells = [_cell(row, column) for column in columns]
        table.add_row(row.name, row.function or row.kind, *cells, _verdict(row))
    return table


def _cell(row: Row, column: str) -> Text:
    killed = row.killed_by[column]
    share = "✘" if killed == row.seeds else f"{killed / row.seeds:.0%}"
    return Text(share, style="yellow") if killed else Text("·", style="dim")


def _verdict(row: Row) -> Text:
    if not row.seeds:
        return Text("to write", style="bold red")
    said = {"mistake": "named", "left": "named", "stub": "earns nothing", "planted": "earns nothing"}
    words = said.get(row.kind, "accepted")
    return Text(words, style="green") if row.right else Text("WRONG", style="bold red")
