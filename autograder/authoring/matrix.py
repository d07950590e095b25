"""Terminal output of `handgrad audit`: the kill matrix, margins of the bars, surviving mutants, and what hints say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from autograder.authoring.audit import Row
    from autograder.authoring.hint_audit import HintTally, HintVerdict
    from autograder.authoring.margins import BarMargin
    from autograder.authoring.survivors import Survivors


def print_matrix(rows: list[Row], counts: Mapping[str, float], console: Console) -> None:
    """Print one table per exercise, then the faults, then the counts."""
    for name, group in groupby(rows, key=lambda row: row.exercise):
        console.print(_matrix(name, list(group)))
    faults = [f"{row.exercise}: {row.kind} {row.name} {row.words}" for row in rows if not row.right]
    share = counts["named"] / counts["runs"] if counts["runs"] else 1.0
    words = (
        f"{counts['mistakes']:g} known mistakes: {share:.2%} of {counts['runs']:g} runs rejected and named; "
        f"{counts['right_answers']:g} right answers, {counts['wrongly_rejected']:g} rejected; "
        f"{counts['faults']:g} cells wrong"
    )
    _close(console, faults, words)


def print_margins(margins: list[BarMargin], console: Console) -> None:
    """Print one line per timed function with its distances from the first bar, then the faults."""
    if not margins:
        return
    table = _table("function", "reference", "slowest right answer", "ratio", "bar", "ratio", "fastest loop")
    for column in table.columns:
        column.justify = "right" if column.header in ("reference", "ratio", "bar") else "left"
    for row in margins:
        loop = (f"{row.fastest:.3g}", row.loop) if row.loop else ("", "")
        cells = row.function, f"{1000 * row.seconds:.2g} ms", row.right, f"{row.slowest:.2g}", f"{row.bar:g}", *loop
        table.add_row(*cells, style="red" if row.faults else "")
    console.print(table)
    _close(console, [f"{row.function}: {fault}" for row in margins for fault in row.faults])


def print_survivors(rows: list[Survivors], counts: Mapping[str, float], console: Console) -> None:
    """Print one line per exercise, then the faults, then the counts."""
    table = _table("exercise", "mutants", "killed", "survive", "listed")
    for row in rows:
        numbers = (row.generated, row.killed, len(row.survivors), row.equivalent)
        table.add_row(row.exercise, *map(str, numbers), style="red" if row.faults else "")
    console.print(table)
    words = (
        f"{counts['mutants']:g} mutants: {counts['killed']:g} killed, {counts['equivalent']:g} known to be equivalent; "
        f"{counts['faults']:g} faults"
    )
    _close(console, [f"{row.exercise}: {fault}" for row in rows for fault in row.faults], words)


def print_hint_audit(verdicts: list[HintVerdict], console: Console) -> None:
    """Print counts by kind of wrong code, by exercise and by name; then every false sentence and the totals."""
    from autograder.authoring.hint_audit import KINDS, count

    kinds = count(verdicts, lambda verdict: verdict.kind)
    names = count((v for v in verdicts if v.name and v.outcome != "named"), lambda verdict: verdict.name)
    console.print(_tallies("suspect", {kind: kinds[kind] for kind in KINDS if kind in kinds}))
    console.print(_tallies("exercise", count(verdicts, lambda verdict: verdict.exercise)))
    console.print(_tallies("told", dict(sorted(names.items(), key=lambda pair: -pair[1].outputs))))
    faults = [f"{v.exercise} {v.function} {v.output}, {v.kind} ({v.code}): {v.words}"
              for v in verdicts if v.outcome == "false"]  # fmt: skip
    outcomes = [verdict.outcome for verdict in verdicts]
    words = (
        f"{len(outcomes)} wrong outputs: {outcomes.count('named')} named, {outcomes.count('true')} with a true "
        f"sentence, {outcomes.count('differs')} without a word, {outcomes.count('false')} with a false one"
    )
    _close(console, faults, words)


def _table(first: str, *others: str) -> Table:
    """Return an empty table: names in the first column, numbers in the others."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=True)
    for title in others:
        table.add_column(title, justify="right")
    return table


def _close(console: Console, faults: Iterable[str], words: str = "") -> None:
    """Print the faults, then the closing line, red where there are faults."""
    faults = list(faults)
    for fault in faults:
        console.print(Text(f"✘ {fault}", style="red"), soft_wrap=True)
    if words:
        console.print(Text(words, style="bold red" if faults else "bold green"), soft_wrap=True)


def _tallies(title: str, tallies: Mapping[str, HintTally]) -> Table:
    outcomes = ("named", "true", "differs", "false")
    table = _table(title, "suspects", "outputs", *outcomes, "precision")
    for name, tally in tallies.items():
        counts = (len(tally.codes), tally.outputs, *(tally.outcomes[outcome] for outcome in outcomes))
        style = "red" if tally.outcomes["false"] else ""
        table.add_row(name, *map(str, counts), f"{tally.precision:.1%}", style=style)
    return table


def _matrix(name: str, rows: list[Row]) -> Table:
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
